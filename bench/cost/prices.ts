/** One price, with what it rests on. */
interface Price {
  readonly usd: number;
  readonly per: string;
  /** `seen`: in copies of AWS's price list of 2026. `known`: general knowledge, not read again; look before you rely on it. */
  readonly source: 'seen' | 'known';
}

const price = (usd: number, per: string, source: Price['source']): Price => ({ usd, per, source });

/** Prices of us-east-1 in autumn 2026, without free tiers unless the name says so. */
export const PRICES = {
  lambdaGbSecond: price(0.000_013_333_4, 'Lambda: GB-second on arm64', 'seen'),
  lambdaRequest: price(0.2 / 1e6, 'Lambda: invocation', 'seen'),
  dynamoDbWrite: price(0.625 / 1e6, 'DynamoDB on demand: write unit (1 KB)', 'seen'),
  dynamoDbRead: price(0.125 / 1e6, 'DynamoDB on demand: read unit (4 KB)', 'seen'),
  dynamoDbStorage: price(0.25 + 0.2, 'DynamoDB: GB-month with point-in-time recovery', 'seen'),
  sqsRequest: price(0.4 / 1e6, 'SQS: request', 'seen'),
  snsPublish: price(0.5 / 1e6, 'SNS: message', 'seen'),
  securityHubImport: price(
    0.000_03,
    'Security Hub: finding imported or updated, after 10,000 free by month, account and region',
    'seen',
  ),
  logsIngestion: price(0.5, 'CloudWatch: GB of logs', 'seen'),
  eventBridgeForwarded: price(1 / 1e6, 'EventBridge: event from another account', 'known'),
  s3InfrequentStorage: price(0.0125, 'S3 infrequent access: GB-month', 'known'),
  kmsKey: price(1, 'KMS: key and month', 'known'),
  kmsRequest: price(0.03 / 1e4, 'KMS: request', 'known'),
  secret: price(0.4, 'Secrets Manager: secret and month', 'known'),
  alarm: price(0.1, 'CloudWatch: alarm and month', 'known'),
  metric: price(0.3, 'CloudWatch: metric and month', 'known'),
  dashboard: price(3, 'CloudWatch: dashboard and month', 'known'),
} as const satisfies Readonly<Record<string, Price>>;

/** Imports that Security Hub takes for nothing, by month, account and region. */
export const FREE_IMPORTS = 10_000;
