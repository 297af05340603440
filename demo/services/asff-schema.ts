import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { Ajv, type ErrorObject } from 'ajv';

const text = (maxLength?: number) => ({
  type: 'string',
  pattern: '\\S',
  ...(maxLength === undefined ? {} : { maxLength }),
});
const oneOf = (...values: string[]) => ({ type: 'string', enum: values });
const timestamp = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:?\\d\\d)$',
};
const types = {
  type: 'array',
  maxItems: 50,
  items: {
    type: 'string',
    pattern:
      '^(Software and Configuration Checks|TTPs|Effects|Unusual Behaviors|Sensitive Data Identifications)(/[^/]+){0,2}$',
  },
};
const severity = {
  type: 'object',
  properties: {
    Label: oneOf('INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'),
    Original: text(64),
  },
};
const map = (keyLength: number, valueLength: number) => ({
  type: 'object',
  maxProperties: 50,
  propertyNames: { minLength: 1, maxLength: keyLength },
  additionalProperties: { type: 'string', maxLength: valueLength },
});

/**
 * The AWS Security Finding Format as far as a custom product is held to it.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
const findingSchema = {
  type: 'object',
  required: [
    'SchemaVersion',
    'Id',
    'ProductArn',
    'GeneratorId',
    'AwsAccountId',
    'CreatedAt',
    'UpdatedAt',
    'Title',
    'Description',
    'Resources',
  ],
  anyOf: [
    { required: ['Severity', 'Types'] },
    {
      required: ['FindingProviderFields'],
      properties: { FindingProviderFields: { required: ['Severity', 'Types'] } },
    },
  ],
  properties: {
    SchemaVersion: oneOf('2018-10-08'),
    Id: text(512),
    ProductArn: { type: 'string', minLength: 12, maxLength: 2048 },
    GeneratorId: text(512),
    AwsAccountId: { type: 'string', pattern: '^\\d{12}$' },
    CreatedAt: timestamp,
    UpdatedAt: timestamp,
    FirstObservedAt: timestamp,
    LastObservedAt: timestamp,
    Title: text(256),
    Description: text(1024),
    CompanyName: text(128),
    ProductName: text(128),
    SourceUrl: text(2048),
    Types: types,
    Severity: severity,
    FindingProviderFields: { type: 'object', properties: { Severity: severity, Types: types } },
    Confidence: { type: 'integer', minimum: 0, maximum: 100 },
    Criticality: { type: 'integer', minimum: 0, maximum: 100 },
    RecordState: oneOf('ACTIVE', 'ARCHIVED'),
    VerificationState: oneOf('UNKNOWN', 'TRUE_POSITIVE', 'FALSE_POSITIVE', 'BENIGN_POSITIVE'),
    Workflow: { type: 'object', properties: { Status: oneOf('NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED') } },
    Note: {
      type: 'object',
      required: ['Text', 'UpdatedBy', 'UpdatedAt'],
      properties: { Text: text(512), UpdatedBy: text(512), UpdatedAt: timestamp },
    },
    Remediation: {
      type: 'object',
      properties: { Recommendation: { type: 'object', properties: { Text: text(512), Url: text(2048) } } },
    },
    ProductFields: map(128, 2048),
    UserDefinedFields: map(128, 1024),
    RelatedFindings: { type: 'array', maxItems: 10 },
    Compliance: {
      type: 'object',
      properties: {
        Status: oneOf('PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE'),
        RelatedRequirements: { type: 'array', maxItems: 32, items: text(64) },
        AssociatedStandards: {
          type: 'array',
          maxItems: 20,
          items: { type: 'object', properties: { StandardsId: text(512) } },
        },
        StatusReasons: {
          type: 'array',
          items: { type: 'object', required: ['ReasonCode'], properties: { ReasonCode: text(), Description: text() } },
        },
      },
    },
    Resources: {
      type: 'array',
      minItems: 1,
      maxItems: 32,
      items: {
        type: 'object',
        required: ['Type', 'Id'],
        properties: {
          Type: text(256),
          Id: text(512),
          Region: text(16),
          Partition: oneOf('aws', 'aws-cn', 'aws-us-gov'),
          Tags: { ...map(128, 256), minProperties: 1 },
          Details: { type: 'object', properties: { Other: map(128, 1024) } },
        },
      },
    },
  },
};

const validate = new Ajv({ allErrors: false, strict: false }).compile(findingSchema);

/** What Security Hub would say is wrong with a finding's form; undefined when nothing is. */
export function formatError(finding: AwsSecurityFinding): string | undefined {
  if (validate(finding)) return undefined;
  const sentences = (validate.errors ?? []).map(inItsWords);
  return `Finding does not adhere to Amazon Finding Format. ${sentences.join(', ')}.`;
}

function inItsWords(error: ErrorObject): string {
  const path = error.instancePath.replace(/\/(\d+)/g, '[$1]').replaceAll('/', '.');
  return `data${path} ${(error.message ?? 'is invalid').replace(/^must/, 'should')}`;
}
