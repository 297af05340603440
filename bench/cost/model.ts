import { bucketOf } from '#shared/aws/rate-limits.ts';
import { DEFAULT_KEEP_ALIVE_DAYS } from '#shared/engine/keep-alive.ts';
import { leastCalls, ONCE } from '../least-calls.ts';
import { FREE_IMPORTS, PRICES } from './prices.ts';

/** What a deployment is given to do in a month. */
export interface Workload {
  readonly accounts: number;
  /** Regions of each account that hold containers, and that hold none. */
  readonly busyRegions: number;
  readonly emptyRegions: number;
  /** What a busy region holds. */
  readonly repositories: number;
  readonly taskDefinitionFamilies: number;
  readonly eksClusters: number;
  readonly scansPerMonth: number;
  /** Events of a busy region that touch what is checked. */
  readonly eventsPerMonth: number;
}

/** What is deployed once, whatever it has to do. */
export interface Deployment {
  readonly alarms: number;
  readonly metrics: number;
}

export interface CostLine {
  readonly item: string;
  readonly usd: number;
}

export interface Estimate {
  readonly findings: number;
  /** AWS API calls of one scan, and the seconds that a busy region takes. */
  readonly callsPerScan: number;
  /** Of these, what single images need once their contents are known; the first scan needs one more for each. */
  readonly imageCallsPerScan: number;
  readonly secondsPerBusyRegion: number;
  readonly gbSeconds: number;
  readonly lines: readonly CostLine[];
  readonly usdPerMonth: number;
  /** Security Hub in the month of the first scan, when every failure is new. */
  readonly firstMonthImportsUsd: number;
}

/** Measured by `npm run bench`: units of one finding that a scan finds as it was. */
export const LEDGER_UNITS = { reads: 1.6, writes: 2 } as const;
/**
 * Checks by kind of resource, rounded; services are taken to be half as many as families. The images of a repository are
 * judged together.
 */
const FINDINGS = { repository: 8, imagesOfRepository: 17, family: 23, service: 9, cluster: 25, region: 20 } as const;
/** What is remembered of an image: its manifest and its configuration, a unit and some kilobytes each. */
const CONTENTS_OF_IMAGE = 2;
const KB_OF_CONTENT = 3;
const IMAGE_OPERATIONS: ReadonlySet<string> = new Set(['ecr:DescribeImageScanFindings', 'ecr:ListImageReferrers']);
/** Calls that a region needs once, also where it is empty. */
const CALLS_ONCE = 21;
/** Child calls of a cluster that no table can foresee: add-ons, access entries, profiles. */
const CALLS_OF_CLUSTER = 14;
/** Starting, the ledger and publishing; and all of an empty region. */
const SECONDS_AROUND = 3;
const SECONDS_OF_EMPTY_REGION = 3;
const SECONDS_OF_RECHECK = 3;
/** The share of AWS's published rates that a scan takes (`aws.rateShare`). */
const RATE_SHARE = 0.5;
/** A message for each phase: what others need is read first. */
const PHASES = 2;
/** Of all verdicts, those that fail; and those of them that change within a month. */
const FAILING_SHARE = 0.25;
const CHANGING_SHARE = 0.1;
const DAYS = 30;
const KB_OF_ROW = 1.7;
const KB_OF_LOG_PER_CALL = 5;
/** Measured by `npm run bench`: a compressed snapshot; and a report in all its formats. */
const KB_OF_SNAPSHOT_PER_FINDING = 0.1;
const KB_OF_REPORT_PER_FINDING = 5.4;
/** A finding is in the report on everything, in that of its account, and in that of one organizational unit. */
const REPORTS_OF_A_FINDING = 3;
/** Weekly and monthly ones. */
const REPORTS_PER_YEAR = 52 + 12;
/** Findings of one report that a function of 1 GB writes in a second. */
const WRITTEN_PER_SECOND = 2500;
/** Lambda polls each of the three queues five times at once, 20 seconds each. */
const POLLS_PER_MONTH = 3 * 5 * 3 * 60 * 24 * DAYS;

/** What a month costs; the formula is in docs/cost.md. */
export function estimate(work: Workload, { alarms, metrics }: Deployment): Estimate {
  const { accounts, busyRegions, emptyRegions, scansPerMonth: scans } = work;
  const region = busyRegion(work);
  const busy = accounts * busyRegions;
  const reports = REPORTS_PER_YEAR / 12;
  const empty = accounts * emptyRegions;
  const findings = busy * region.findings + empty * FINDINGS.region;
  const units = accounts + (busy + empty) * PHASES;
  const rechecks = busy * work.eventsPerMonth;
  const invocations = units * scans + rechecks + 1000;
  const gbSeconds =
    scans * (busy * region.seconds + empty * SECONDS_OF_EMPTY_REGION) +
    rechecks * SECONDS_OF_RECHECK +
    // Plan, finish, watch and snapshots, which list the ledger; and reports.
    1500 +
    (findings / 2000) * (scans + DAYS) +
    (findings / WRITTEN_PER_SECOND) * REPORTS_OF_A_FINDING * reports;
  const listed = (findings * KB_OF_ROW * (scans + DAYS + reports)) / 4;
  const contents = busy * region.images * CONTENTS_OF_IMAGE;
  const reads = findings * LEDGER_UNITS.reads * scans + listed + contents * scans;
  const writes = findings * LEDGER_UNITS.writes * scans;
  const imports = region.findings * FAILING_SHARE * (CHANGING_SHARE * 2 + DAYS / DEFAULT_KEEP_ALIVE_DAYS);
  const first = region.findings * FAILING_SHARE + imports;
  const importsUsd = (of: number) => busy * Math.max(0, of - FREE_IMPORTS) * PRICES.securityHubImport.usd;
  const gigabytes = (kilobytes: number) => kilobytes / 1e6;
  const lines: CostLine[] = [
    {
      item: 'Lambda',
      usd: gbSeconds * PRICES.lambdaGbSecond.usd + invocations * PRICES.lambdaRequest.usd,
    },
    {
      item: 'DynamoDB',
      usd:
        reads * PRICES.dynamoDbRead.usd +
        writes * PRICES.dynamoDbWrite.usd +
        gigabytes(findings * KB_OF_ROW + contents * KB_OF_CONTENT) * PRICES.dynamoDbStorage.usd,
    },
    {
      item: 'SQS, mostly polling of empty queues; SNS',
      usd: (POLLS_PER_MONTH + 3 * (units * scans + rechecks)) * PRICES.sqsRequest.usd + 1000 * PRICES.snsPublish.usd,
    },
    { item: 'CloudWatch Logs', usd: gigabytes(invocations * KB_OF_LOG_PER_CALL) * PRICES.logsIngestion.usd },
    { item: 'CloudWatch alarms', usd: alarms * PRICES.alarm.usd },
    { item: 'CloudWatch metrics and the dashboard', usd: metrics * PRICES.metric.usd + PRICES.dashboard.usd },
    {
      item: 'KMS key, secret',
      usd: PRICES.kmsKey.usd + PRICES.secret.usd + invocations * PRICES.kmsRequest.usd,
    },
    { item: 'Events of other accounts', usd: accounts > 1 ? rechecks * PRICES.eventBridgeForwarded.usd : 0 },
    {
      item: 'S3, reports of a year',
      usd:
        gigabytes(
          findings *
            (KB_OF_SNAPSHOT_PER_FINDING * 365 + KB_OF_REPORT_PER_FINDING * REPORTS_OF_A_FINDING * REPORTS_PER_YEAR),
        ) * PRICES.s3InfrequentStorage.usd,
    },
    { item: 'Security Hub imports', usd: importsUsd(imports) },
  ];
  return {
    findings,
    callsPerScan: busy * region.calls + empty * CALLS_ONCE,
    imageCallsPerScan: busy * region.imageCalls,
    secondsPerBusyRegion: region.seconds,
    gbSeconds,
    lines,
    usdPerMonth: lines.reduce((sum, { usd }) => sum + usd, 0),
    firstMonthImportsUsd: importsUsd(first),
  };
}

interface BusyRegion {
  readonly calls: number;
  readonly imageCalls: number;
  /** Those that run, and the newest of repositories of which none does. */
  readonly images: number;
  readonly seconds: number;
  readonly findings: number;
}

/** Calls as few as possible, which is what the bench measures, and the time that rates make them take. */
function busyRegion(work: Workload): BusyRegion {
  const { repositories, taskDefinitionFamilies: families, eksClusters: clusters } = work;
  const byBucket = new Map<string, { calls: number; burst: number; perSecond: number }>();
  let calls = CALLS_ONCE + clusters * CALLS_OF_CLUSTER;
  let imageCalls = 0;
  const least = leastCalls({ ...work, imagesPerRepository: 50 });
  for (const { operation, least: needed } of least.values()) {
    // Contents are fetched once ever, and not with each scan.
    if (operation === 'ecr:BatchGetImage') continue;
    const count = Number.isNaN(needed) ? 0 : Math.max(needed, ONCE.least);
    calls += count;
    if (IMAGE_OPERATIONS.has(operation)) imageCalls += count;
    const { name, burst, perSecond, published } = bucketOf(operation);
    const share = published ? RATE_SHARE : 1;
    const bucket = byBucket.get(name) ?? { calls: 0, burst: burst * share, perSecond: perSecond * share };
    byBucket.set(name, { ...bucket, calls: bucket.calls + count });
  }
  const waits = [...byBucket.values()].map(({ calls, burst, perSecond }) => Math.max(0, calls - burst) / perSecond);
  return {
    calls,
    imageCalls,
    images: least.get('ecr:DescribeImageScanFindings')?.least ?? 0,
    seconds: SECONDS_AROUND * PHASES + Math.max(...waits),
    findings:
      repositories * (FINDINGS.repository + FINDINGS.imagesOfRepository) +
      families * FINDINGS.family +
      Math.ceil(families / 2) * FINDINGS.service +
      clusters * FINDINGS.cluster +
      FINDINGS.region,
  };
}
