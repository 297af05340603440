import type { AwsCredentialIdentityProvider } from '@smithy/types';
import pMap from 'p-map';
import { homeRegionFor } from '../../aws/accounts.ts';
import type { ClientFactory } from '../../aws/clients.ts';
import { accountProbes } from '../../aws/probes/account-probes.ts';
import type { ProbePlace } from '../../aws/probes/probe.ts';
import type { StoredClusters } from '../../collectors/kubernetes/stored.ts';
import { type Diagnosis, type DiagnosisGroup, diagnosisOf, type ProbeResult } from '../../domain/diagnosis.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import type { IamAction } from '../../domain/ports.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { lookAtTopic } from './alerts.ts';
import { type ClusterTrial, lookAtClusters, type ProbeCluster } from './clusters.ts';
import { lookAtFunctions } from './function-roles.ts';
import { lookAtImagePulls, NOTHING_IS_PULLED, pullsImages } from './image-pulls.ts';
import { lookAtLedger } from './ledger.ts';
import { type Needed, permissionResult, tryAll } from './permissions.ts';
import { lookAtAccess, lookAtCredentials } from './reach.ts';
import { lookAtRegions, type OpenRegion } from './regions.ts';
import type { ScopeToDiagnose } from './scope.ts';
import { lookAtHub } from './security-hub.ts';
import { lookAtStoredCluster } from './stored-clusters.ts';

export interface DiagnoseDependencies {
  readonly clients: ClientFactory;
  /** Makes another factory, for another identity in the same account; only asked for where a deployment is looked at. */
  readonly newClients?: () => ClientFactory;
  readonly probeCluster: ProbeCluster;
  /** Opens what `collect` left in a bucket, with somebody's credentials. */
  readonly openInventories: (credentials: AwsCredentialIdentityProvider) => StoredClusters['open'];
  readonly now: () => Date;
}

/** Accounts looked at at once. */
const ACCOUNTS_AT_ONCE = 4;
const REGIONS_AT_ONCE = 4;
const REGIONS: IamAction = 'ec2:DescribeRegions';

/**
 * Tries everything that a scan would need, without an effect, and says what is missing and how it is mended (PE-3, PE-7).
 * Every permission is tried once for each account, in its first region that answers: policies know no regions, except
 * those that close one, which are looked for in each. Never throws for what AWS answers.
 */
export async function diagnose(scope: ScopeToDiagnose, dependencies: DiagnoseDependencies): Promise<Diagnosis> {
  const { sources, topics = [], ledger } = scope;
  const results: ProbeResult[] = [...(scope.before ?? [])];
  const home = homeRegionFor(scope.regions[0] ?? 'us-east-1');
  const { base, results: credentials } = await lookAtCredentials(sources, dependencies.clients, home);
  results.push(...credentials);
  if (base === undefined) return diagnosisOf([...results, NOTHING_WITHOUT_CREDENTIALS]);
  const { scanner, results: functions } = await scannerOf(scope, base, home, dependencies);
  results.push(...functions);
  if (scanner === undefined) return diagnosisOf(results);
  results.push(...(await lookAtOrganization(scope, base, home)));
  const publishes = scope.securityHub !== undefined || topics.length > 0;
  const access = await pMap(sources, (source) => lookAtAccess(source, scanner, home, publishes), {
    concurrency: ACCOUNTS_AT_ONCE,
  });
  results.push(...access.flatMap((one) => one.results));
  const open = dependencies.openInventories(scanner.reached.credentials);
  const trying = { probe: dependencies.probeCluster, open, now: dependencies.now() };
  // Two sources may lead to one account: it is read once.
  const accounts = new Map(access.flatMap(({ account }) => (account ? [[account.reached.accountId, account]] : [])));
  const perAccount = await pMap(accounts.values(), (account) => lookAtAccount(account, scope, trying, home), {
    concurrency: ACCOUNTS_AT_ONCE,
  });
  results.push(...perAccount.flat());
  for (const topic of topics) {
    results.push(...(await lookAtTopic(topic, accounts.get(topic.arn.split(':')[4] ?? '') ?? scanner)));
  }
  if (ledger !== undefined) results.push(...(await lookAtLedger(ledger, scanner)));
  return diagnosisOf([...results, ...notAskedFor(scope)]);
}

/** Whoever looks scans as well, except in a deployment: there other functions do. */
async function scannerOf(
  { functionRoles }: ScopeToDiagnose,
  base: AccountUnderTest,
  home: string,
  { newClients }: DiagnoseDependencies,
): Promise<{ scanner?: AccountUnderTest; results: readonly ProbeResult[] }> {
  if (functionRoles === undefined || newClients === undefined) return { scanner: base, results: [] };
  return lookAtFunctions(functionRoles, base, home, newClients);
}

async function lookAtOrganization(
  { organization = [], unlisted }: ScopeToDiagnose,
  base: AccountUnderTest,
  home: string,
): Promise<readonly ProbeResult[]> {
  const place = base.placeIn(home);
  const trials = await tryAll(organization, accountProbes, place);
  const permissions = [...trials].map(([action, trial]) =>
    permissionResult({ action, for: 'the accounts of the organization' }, trial, place, base.identity),
  );
  // A permission that is missing is reason enough, and has its own fix.
  if (unlisted === undefined || permissions.some(({ status }) => status === 'problem')) return permissions;
  return [...permissions, { group: 'accounts', status: 'problem', subject: 'scope.organization', message: unlisted }];
}

async function lookAtAccount(
  account: AccountUnderTest,
  scope: ScopeToDiagnose,
  trying: TryingClusters,
  home: string,
): Promise<readonly ProbeResult[]> {
  const { collectors, securityHub, collected = [] } = scope;
  const needed = neededToRead(collectors);
  const { results: regions, open } = await lookAtRegions(account, scope.regions, actionsOf(needed), home);
  const results: ProbeResult[] = [...regions];
  const [first] = open;
  if (first === undefined) return [...results, nowhereToTry(account)];
  results.push(...(await lookAtReading(account, needed, first, open)));
  if (securityHub !== undefined) results.push(...(await lookAtPublishing(account, securityHub, open)));
  const readsClusters = collectors.some(({ service }) => service === 'kubernetes');
  const isPulling = pullsImages(collectors.flatMap(({ permissions }) => permissions));
  for (const { region } of open.map(({ place }) => place)) {
    if (readsClusters)
      results.push(
        ...(await lookAtClusters(account.readers, region, trialIn(account.placeIn(region), collected, trying))),
      );
    if (isPulling) results.push(...(await lookAtImagePulls(account, region)));
  }
  return results;
}

interface TryingClusters {
  readonly probe: ProbeCluster;
  readonly open: StoredClusters['open'];
  readonly now: Date;
}

function trialIn(
  place: ProbePlace,
  collected: NonNullable<ScopeToDiagnose['collected']>,
  { probe, open, now }: TryingClusters,
): ClusterTrial {
  const lookAtStored = (arn: string, name: string) => {
    const setting = collected.find(({ cluster }) => cluster === arn);
    return setting === undefined ? undefined : lookAtStoredCluster(setting, name, place, open, now);
  };
  return { probe, lookAtStored };
}

/** What collectors call in every account, and which of them. */
function neededToRead(collectors: ScopeToDiagnose['collectors']): readonly Needed[] {
  const users = new Map<IamAction, string[]>([[REGIONS, ['the regions']]]);
  for (const { service, permissions } of collectors) {
    for (const action of new Set(permissions)) users.set(action, [...(users.get(action) ?? []), service]);
  }
  return [...users]
    .map(([action, names]) => ({ action, for: names.join(', ') }))
    .sort((left, right) => compareCodeUnits(left.action, right.action));
}

async function lookAtReading(
  account: AccountUnderTest,
  needed: readonly Needed[],
  first: OpenRegion,
  open: readonly OpenRegion[],
): Promise<readonly ProbeResult[]> {
  const rest = actionsOf(needed).filter((action) => !first.trials.has(action));
  const trials = new Map([...first.trials, ...(await tryAll(rest, accountProbes, first.place))]);
  const here = needed.flatMap((need) => {
    const trial = trials.get(need.action);
    return trial === undefined ? [] : [permissionResult(need, trial, first.place, account.identity)];
  });
  // What is allowed in one region and not in another: a condition on the region, or a service control policy.
  const elsewhere = open.slice(1).flatMap(({ place, trials: tried }) =>
    needed.flatMap((need) => {
      const trial = tried.get(need.action);
      if (trial === undefined || trial.outcome === 'allowed') return [];
      if (trials.get(need.action)?.outcome !== 'allowed') return [];
      return [permissionResult({ ...need, only: place.region }, trial, place, account.identity)];
    }),
  );
  return [...here, ...elsewhere];
}

async function lookAtPublishing(
  account: AccountUnderTest,
  actions: readonly IamAction[],
  open: readonly OpenRegion[],
): Promise<readonly ProbeResult[]> {
  const { publisher, reached } = account;
  const { accountId } = reached;
  if (publisher === undefined) {
    const message = 'Nothing can be published there before the publishing role can be assumed.';
    return [{ group: 'security-hub', status: 'skipped', subject: 'Security Hub', accountId, message }];
  }
  const places = open.map(({ place }) => account.publishingPlaceIn(place.region));
  const [first] = places;
  if (first === undefined) return [];
  const trials = await tryAll(actions, accountProbes, first);
  const permissions = [...trials].map(([action, trial]) =>
    permissionResult({ action, for: 'Security Hub' }, trial, first, publisher),
  );
  return [...permissions, ...(await pMap(places, lookAtHub, { concurrency: REGIONS_AT_ONCE }))];
}

function actionsOf(needed: readonly Needed[]): readonly IamAction[] {
  return needed.map(({ action }) => action);
}

function nowhereToTry({ reached: { accountId } }: AccountUnderTest): ProbeResult {
  const message = 'There is no region in which permissions could be tried.';
  return { group: 'permissions', status: 'skipped', subject: 'all permissions', accountId, message };
}

const NOTHING_WITHOUT_CREDENTIALS: ProbeResult = {
  group: 'permissions',
  status: 'skipped',
  subject: 'everything else',
  message: 'Nothing else can be looked at without credentials.',
};

function notAskedFor({ collectors, securityHub, topics, ledger }: ScopeToDiagnose): readonly ProbeResult[] {
  const skipped = (group: DiagnosisGroup, subject: string, message: string): ProbeResult => ({
    group,
    status: 'skipped',
    subject,
    message,
  });
  return [
    ...(securityHub === undefined
      ? [skipped('security-hub', 'Security Hub', 'Nothing is published there: --publish security-hub looks at it.')]
      : []),
    ...(topics === undefined
      ? [skipped('alerts', 'SNS', 'No alerts are sent: --publish sns looks at the topics.')]
      : []),
    ...(topics?.length === 0
      ? [
          {
            group: 'alerts' as const,
            status: 'problem' as const,
            subject: 'publish.sns.topics',
            message: 'The configuration names no topic: there is nobody to alert.',
            fix: {
              text: 'Name the ARN of a topic in publish.sns.topics of the configuration, and give it with --config.',
            },
          },
        ]
      : []),
    ...(ledger === undefined
      ? [skipped('ledger', 'ledger', 'No table is named: --ledger dynamodb:TABLE looks at it.')]
      : []),
    ...(pullsImages(collectors.flatMap(({ permissions }) => permissions)) ? [] : [NOTHING_IS_PULLED]),
  ];
}
