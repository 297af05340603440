import { z } from 'zod';
import { REGION_NAME } from '../domain/region.ts';
import { DEFAULT_ROUTE } from '../domain/route.ts';
import { SEVERITIES } from '../domain/severity.ts';
import { DEFAULT_KEEP_ALIVE_DAYS, MAX_KEEP_ALIVE_DAYS } from '../engine/keep-alive.ts';
import { gateSchema } from './gate-schema.ts';
import { respondSchema } from './respond-schema.ts';

const region = z.string().regex(REGION_NAME, 'must look like a region, such as eu-west-1');
const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of an IAM role');
const topicArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'must be the ARN of a standard SNS topic');

/** The services that can be scanned. */
export const SERVICES = ['ecr', 'ecs', 'eks', 'guardduty', 'iam', 'images', 'inspector', 'kubernetes'] as const;

const accountIds = z.array(z.string().regex(/^\d{12}$/, 'must be an account id: twelve digits')).min(1);
const organizationalUnits = z
  .array(
    z.string().regex(/^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/, 'must be an id like ou-ab12-cd34ef56'),
  )
  .min(1);
const externalId = z.string().min(2).max(1224);
/** A role's name, with its path; in it `{accountId}` stands for the account. */
const roleName = z
  .string()
  .max(512)
  .regex(
    /^(?:[\w+=,.@-]|\{accountId\}|\/(?!\/))+(?<!\/)$/,
    'must be the name of a role, with its path and without an ARN',
  );

const organization = z.strictObject({
  organizationalUnits: organizationalUnits
    .optional()
    .describe(
      'Roots and organizational units whose accounts are scanned, with all below them. Default: all there are.',
    ),
  includeAccounts: accountIds.optional().describe('Of these accounts only those that are named here.'),
  excludeAccounts: accountIds.optional().describe('Accounts that are not scanned; coverage says so.'),
});

const memberRoles = z.strictObject({
  read: roleName.default('hullcheck-read').describe('The role that reads; `{accountId}` stands for the account.'),
  publish: roleName.default('hullcheck-publish').describe("The role that writes into the account's own Security Hub."),
  externalId: externalId.optional(),
  inOwnAccount: z
    .boolean()
    .default(false)
    .describe('Whether the account of the credentials is read by the role as well, like any other.'),
});

const scope = z
  .strictObject({
    regions: z.array(region).min(1).optional().describe('Regions to scan. Default: the region of the credentials.'),
    services: z.array(z.enum(SERVICES)).min(1).optional().describe('Services to scan. Default: all.'),
    roles: z
      .array(z.strictObject({ arn: roleArn, publishArn: roleArn.optional(), externalId: externalId.optional() }))
      .min(1)
      .optional()
      .describe('Roles to assume, one for each account. Default: the account of the credentials.'),
    accounts: accountIds
      .optional()
      .describe('Accounts to scan by the roles of `memberRoles`, without asking Organizations.'),
    organization: organization
      .optional()
      .describe('Scans the active accounts of the organization, by the roles of `memberRoles`; {} for all.'),
    memberRoles: memberRoles.prefault({}).describe('The roles that `infra/member-account` creates in each account.'),
  })
  .refine(
    ({ roles, accounts, organization: members }) => [roles, accounts, members].filter((one) => one).length <= 1,
    'names accounts in more than one way: choose one of roles, accounts and organization',
  );

const checkPatterns = z.array(z.string().min(1)).min(1).optional();

const checks = z.strictObject({
  only: checkPatterns.describe('Ids of the checks to evaluate; `*` stands for any characters. Default: all.'),
  except: checkPatterns.describe('Ids of checks that are switched off; what is open of them stays as it is.'),
  parameters: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe('Parameters by check id; `hullcheck checks explain ID` lists what a check takes.'),
  exemptions: z
    .boolean()
    .default(true)
    .describe('Whether workloads that AWS manages pass although they break a rule; the verdict says so.'),
});

const topics = z
  .strictObject({ human: topicArn.optional(), chat: topicArn.optional(), machine: topicArn.optional() })
  .refine((given) => Object.keys(given).length > 0, 'names no topic')
  .describe('One topic for each form: human (e-mail), chat (Amazon Q Developer), machine (JSON).');
const environment = z.string().max(64).optional().describe('Value of the message attribute `env`.');
const team = z.string().max(64).optional().describe('Value of the message attribute `team`.');
const patterns = z.array(z.string().min(1)).min(1).optional();

const route = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be made of small letters, digits and hyphens')
    .refine((name) => name !== DEFAULT_ROUTE, `must not be "${DEFAULT_ROUTE}", which takes what no route does`)
    .describe('Never changes: incidents are grouped by it.'),
  match: z
    .strictObject({
      accounts: patterns,
      regions: patterns,
      clusters: patterns,
      namespaces: patterns,
      organizationalUnits: patterns.describe(
        'Ids of roots and organizational units, of which the account is in one, at whatever depth.',
      ),
      tags: z
        .record(z.string().min(1), z.string())
        .refine((tags) => Object.keys(tags).length > 0, 'names no tag')
        .optional()
        .describe('Patterns of values by key; tags that could not be read match nothing.'),
      checks: patterns,
      minimumSeverity: z.enum(SEVERITIES).optional(),
    })
    .refine((match) => Object.keys(match).length > 0, 'names nothing to match')
    .describe('All that is given must match; of the patterns of a list one must. `*` stands for any characters.'),
  topics,
  team,
  environment,
});

const sns = z.strictObject({
  topics,
  routes: z
    .array(route)
    .max(50)
    .superRefine((routes, context) => {
      for (const [index, { name }] of routes.entries()) {
        if (routes.findIndex((other) => other.name === name) === index) continue;
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `there is another route "${name}"` });
      }
    })
    .default([])
    .describe('Whose alerts go elsewhere: the first route that matches has a finding, `topics` has the rest.'),
  everyRun: z
    .boolean()
    .default(false)
    .describe('Sends a summary of every run to the default topics, also of one that found nothing new.'),
  maxImmediatePerRun: z
    .number()
    .int()
    .min(0)
    .max(50)
    .default(5)
    .describe('Single messages a run may send on each route, for CRITICAL findings in use; the digest has the rest.'),
  reportUrl: z.url().optional().describe('Where the full report can be read.'),
  environment,
  team,
});

const securityHub = z.strictObject({
  onOverlap: z
    .enum(['publish', 'skipIfControlEnabled', 'informational'])
    .default('informational')
    .describe("What becomes of a finding that one of AWS's own controls, where it is enabled, reports as well."),
  resolveOnFix: z
    .boolean()
    .default(false)
    .describe('Sets the workflow of fixed findings to RESOLVED as well, unless an analyst suppressed them.'),
});

const publish = z.strictObject({
  sns: sns.optional(),
  securityHub: securityHub.prefault({}),
  keepAliveDays: z
    .number()
    .int()
    .min(2)
    .max(MAX_KEEP_ALIVE_DAYS)
    .default(DEFAULT_KEEP_ALIVE_DAYS)
    .describe(
      'An open finding that does not change is published again within so many days; Security Hub forgets at 90.',
    ),
});

const aws = z.strictObject({
  rateShare: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe("Share of AWS's published request rates a scan may take; deployments draw from the same buckets."),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(10)
    .describe('Calls under way at once per account, region and rate bucket.'),
  maxAttempts: z.number().int().min(1).max(20).default(8).describe('Attempts of one call.'),
  connectionTimeoutMs: z.number().int().min(100).max(60_000).default(5_000),
  requestTimeoutMs: z.number().int().min(1_000).max(300_000).default(60_000),
});

const images = z.strictObject({
  newest: z
    .number()
    .int()
    .min(0)
    .max(5)
    .default(1)
    .describe('Images of a repository that are looked at where none is known to run: the newest.'),
  configuration: z
    .boolean()
    .default(true)
    .describe('Whether manifests and configurations are fetched. ECR counts it as a pull: see docs/images.md.'),
  layers: z
    .boolean()
    .default(false)
    .describe('Whether the layers of images that run are read for files that do not belong there, each once.'),
});

const collected = z.strictObject({
  cluster: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:eks:[a-z0-9-]+:\d{12}:cluster\/[0-9A-Za-z][\w-]{0,99}$/,
      'must be the ARN of an EKS cluster',
    ),
  inventory: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.*[^/]$/, 'must look like s3://bucket/key'),
  maxAgeHours: z
    .number()
    .int()
    .min(1)
    .max(720)
    .default(24)
    .describe('An older inventory is not judged: the cluster counts as not covered.'),
});

const clusters = z.strictObject({
  collected: z
    .array(collected)
    .superRefine((all, context) => {
      for (const [index, { cluster }] of all.entries()) {
        if (all.findIndex((other) => other.cluster === cluster) === index) continue;
        context.addIssue({ code: 'custom', path: [index, 'cluster'], message: 'is named before' });
      }
    })
    .default([])
    .describe(
      'Clusters that only their own network reaches: their inside is what `hullcheck collect` left in a bucket.',
    ),
});

const deployment = z.strictObject({
  scanEveryHours: z
    .number()
    .int()
    .min(1)
    .max(168)
    .default(12)
    .describe('How often a scan is scheduled: after twice as long without a complete one the watch raises an alarm.'),
  deadlineMinutes: z
    .number()
    .int()
    .min(15)
    .max(1440)
    .default(120)
    .describe('A scan that has not ended by then is ended; what has not reported counts as not covered.'),
  factMaxAgeHours: z
    .number()
    .int()
    .min(1)
    .max(720)
    .default(36)
    .describe(
      'What another account or region stated longer ago is not believed any more: verdicts that need it are UNKNOWN.',
    ),
  outOfScopeDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe('Findings of an account or region that left the scope are archived after so many days.'),
  recheckWindowMinutes: z
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(15)
    .describe('Events within so many minutes share one allowance of single alerts.'),
});

/** The whole of `hullcheck.yaml`. Unknown keys are mistakes, not extensions. */
export const configSchema = z.strictObject({
  version: z.literal(1, { error: 'must be 1' }),
  scope: scope.prefault({}),
  checks: checks.prefault({}),
  failOn: z.enum(SEVERITIES).default('HIGH').describe('A failed finding at or above it makes the exit code 1.'),
  accountNames: z
    .record(z.string().regex(/^\d{12}$/), z.string().min(1).max(50))
    .default({})
    .describe('Names of accounts, for people who read alerts.'),
  waivers: z.string().min(1).optional().describe('The waivers file; a relative path starts at this configuration.'),
  publish: publish.prefault({}),
  images: images.prefault({}).describe('How deep images are looked into.'),
  clusters: clusters.prefault({}).describe('How the insides of clusters are read: see docs/clusters.md.'),
  aws: aws.prefault({}),
  deployment: deployment.prefault({}).describe('How the functions on AWS run; the command line does not look at it.'),
  respond: respondSchema.prefault({}).describe('What the function that fixes findings may do.'),
  gate: gateSchema.prefault({}).describe('What may be deployed: for `hullcheck gate`, deployments and pipelines.'),
});

export type Config = z.infer<typeof configSchema>;
