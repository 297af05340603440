import { UnitContext } from '#shared/collectors/collector-context.ts';
import type { CoverageGap } from '#shared/domain/coverage.ts';
import type { Fact, FactKind } from '#shared/domain/fact.ts';
import type { ClientClass, Collector, ContentMemory, ImageSettings, RecheckedItem } from '#shared/domain/ports.ts';
import type { Resource } from '#shared/domain/resource.ts';
import type { Touched } from '#shared/domain/trigger.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { ACCOUNT, REGION } from '../factories/resource.ts';
import { NOW } from './judge.ts';

/** What this file needs of a mocked client. */
interface AnyMock {
  onAnyCommand(): { callsFake(fake: (input: unknown) => never): unknown };
}

/**
 * Makes a mocked client reject every command that was not stubbed (T99: the library's own default resolves
 * `undefined`, which reads as an empty account). Use it as `const ecr = rejectUnstubbed(mockClient(ECRClient))`.
 */
export function rejectUnstubbed<M extends AnyMock>(mock: M): M {
  mock.onAnyCommand().callsFake((input) => {
    throw Object.assign(new Error(`not stubbed: ${JSON.stringify(input)}`), { name: 'NotStubbed' });
  });
  return mock;
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = name, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode }, $fault: 'client' });
}

/** An AccessDenied as IAM words it when no policy allows the action. */
export function accessDenied(action: string): Error {
  return awsError(
    'AccessDeniedException',
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/HullcheckRead/session is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
  );
}

export interface Collected {
  readonly resources: readonly Resource[];
  readonly facts: readonly Fact[];
  readonly factsComplete: readonly FactKind[];
  readonly gaps: readonly CoverageGap[];
}

export interface CollectOptions {
  readonly facts?: readonly Fact[];
  readonly completeKinds?: readonly FactKind[];
  readonly region?: string;
  readonly contents?: ContentMemory;
  readonly imageSettings?: ImageSettings;
  readonly clientFor?: <C>(clientClass: ClientClass<C>, region: string) => C;
}

/** Runs a collector on the test account and region against mocked (or demo) clients. */
export async function collect(collector: Collector, options: CollectOptions = {}): Promise<Collected> {
  const context = contextOf(collector, options);
  const resources: Resource[] = [];
  const stated: Fact[] = [];
  const factsComplete: FactKind[] = [];
  for await (const item of collector.collect(context)) {
    if ('resource' in item) resources.push(item.resource);
    else if ('fact' in item) stated.push(item.fact);
    else factsComplete.push(item.factsComplete);
  }
  return { resources, facts: stated, factsComplete, gaps: context.gaps.list() };
}

/** Lets a collector look at one resource again, on the same account and clients. */
export async function recheckOne(
  collector: Collector,
  resource: NonNullable<Touched['resource']>,
  options: CollectOptions = {},
): Promise<readonly RecheckedItem[]> {
  const context = contextOf(collector, options);
  const { service } = collector;
  const items: RecheckedItem[] = [];
  const touched = { service, accountId: context.accountId, region: context.region, resource };
  for await (const item of collector.collectOne?.(context, touched) ?? []) items.push(item);
  return items;
}

export function contextOf(collector: Collector, options: CollectOptions): UnitContext {
  const region = options.region ?? REGION;
  const target = { accountId: ACCOUNT, region, partition: 'aws' };
  const facts = options.facts ?? [];
  const complete = options.completeKinds ?? collector.needsFacts;
  const store = new FactStore([target], new Map(complete.map((kind) => [kind, ['test']])));
  for (const kind of complete) store.markComplete({ kind, accountId: ACCOUNT, region, service: 'test' });
  for (const fact of facts) store.add(fact);
  return new UnitContext({
    target,
    service: collector.service,
    now: NOW,
    facts: store,
    ...(options.contents === undefined ? {} : { contents: options.contents }),
    ...(options.imageSettings === undefined ? {} : { imageSettings: options.imageSettings }),
    clientFor:
      options.clientFor ??
      ((clientClass, clientRegion) =>
        new clientClass({
          region: clientRegion,
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          maxAttempts: 1,
        } as never)),
    classify: async (_name, text) => ({ detections: [], length: text.length, keyedHash: '0123456789abcdef' }),
  });
}
