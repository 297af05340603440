import { afterEach, beforeEach, expect, test } from 'vitest';
import { ofFirstContainer } from '#demo/change/services.ts';
import { type Changes, changesIn } from '#demo/change.ts';
import { seedWorld } from '#demo/seed/seed-world.ts';
import type { DemoAccount } from '#demo/server.ts';
import type { RegionState } from '#demo/world/world.ts';
import { allChecks, composeApp, openLedger } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import { useDemoAccount } from '#test/support/scan-demo.ts';

const HOUR = 3_600_000;
const OF_ALL = 'arn:aws:sns:us-east-1:111122223333:all';
const OF_BILLING = 'arn:aws:sns:us-east-1:111122223333:billing';
const OF_REGISTRY = 'arn:aws:sns:us-east-1:111122223333:registry';

const BILLING = {
  name: 'billing',
  match: { tags: { team: 'bill*' }, minimumSeverity: 'HIGH' },
  topics: { machine: OF_BILLING },
  team: 'billing',
  environment: 'production',
};
const REGISTRY = {
  name: 'registry',
  match: { accounts: ['1111*'], checks: ['ecr-*'] },
  topics: { machine: OF_REGISTRY },
};

let demo: DemoAccount;
let change: Changes;
let ledger: Ledger | undefined;
let clock: Date;

beforeEach(async () => {
  clock = new Date('2026-11-23T12:00:00Z');
  demo = await useDemoAccount(seedWorld(clock), () => clock);
  change = changesIn(demo);
  ledger = await openLedger(':memory:', () => clock);
  for (const arn of [OF_ALL, OF_BILLING, OF_REGISTRY]) {
    home().topics.push({ arn, name: arn.split(':')[5] ?? '', attributes: {}, messages: [] });
  }
  for (const { taskDefinition, tags } of home().ecs.taskDefinitions) {
    if (taskDefinition.family === 'legacy-billing') tags.splice(0, tags.length, { key: 'team', value: 'billing' });
  }
});

afterEach(async () => {
  ledger?.close();
  ledger = undefined;
  await demo?.close();
});

/** One run an hour after the last one. */
async function scan(routes: readonly object[] = [BILLING, REGISTRY]): Promise<void> {
  clock = new Date(clock.getTime() + HOUR);
  const sns = { topics: { machine: OF_ALL }, maxImmediatePerRun: 1, routes };
  const config = { version: 1, aws: { maxAttempts: 2 }, publish: { sns } };
  const app = composeApp({
    ...loadConfig(JSON.stringify(config), 'test', allChecks()),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: () => clock,
    unlimitedRate: true,
    services: ['ecr', 'ecs'],
  });
  try {
    await app.publish(app.evaluate(await app.collect([{}], ['us-east-1'])), ['sns'], ledger);
  } finally {
    app.close();
  }
}

function home(): RegionState {
  return demo.world.accounts[0]?.regions.find(({ name }) => name === 'us-east-1') as RegionState;
}

interface Message {
  readonly [key: string]: unknown;
  readonly attributes: Record<string, { readonly value: string }>;
}

/** What a topic got since the last call. */
function messagesOf(arn: string): readonly Message[] {
  const topic = home().topics.find((one) => one.arn === arn);
  return (topic?.messages.splice(0) ?? []).map(({ message, attributes }) => ({ ...JSON.parse(message), attributes }));
}

function makePrivileged(privileged: boolean): void {
  change.services.rollOut('dock-ec2', 'legacy-billing', ofFirstContainer({ privileged }));
  change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged }));
}

const kinds = (messages: readonly Message[]) => messages.map(({ kind }) => kind);

test('OC-8: the first run gives each route a baseline of its own, and together they are what is open', async () => {
  await scan();
  const [all, billing, registry] = [OF_ALL, OF_BILLING, OF_REGISTRY].map(messagesOf);

  expect([all, billing, registry].map((messages) => kinds(messages ?? []))).toEqual([
    ['baseline'],
    ['baseline'],
    ['baseline'],
  ]);
  expect(billing?.[0]).toMatchObject({ openBySeverity: { MEDIUM: 0, LOW: 0 } });
  const keys = [all, billing, registry].map((messages) => messages?.[0]?.dedupKey);
  expect(keys).toEqual([
    'hullcheck/digest/hullcheck-scan',
    'hullcheck/digest/hullcheck-scan/billing',
    'hullcheck/digest/hullcheck-scan/registry',
  ]);

  await scan();
  expect([OF_ALL, OF_BILLING, OF_REGISTRY].flatMap(messagesOf)).toEqual([]);
});

test('OC-8, OC-2: what becomes worse goes to its own route only, and each route has its own budget', async () => {
  await scan();
  for (const arn of [OF_ALL, OF_BILLING, OF_REGISTRY]) messagesOf(arn);

  makePrivileged(true);
  await scan();
  const [billing, all, registry] = [OF_BILLING, OF_ALL, OF_REGISTRY].map(messagesOf);

  expect(kinds(billing ?? [])).toEqual(['alert', 'digest']);
  expect(kinds(all ?? [])).toEqual(['alert', 'digest']);
  expect(registry).toEqual([]);
  expect(billing?.[0]).toMatchObject({ resource: { name: 'legacy-billing' }, team: 'billing', env: 'production' });
  expect(billing?.[0]?.attributes).toMatchObject({ team: { value: 'billing' }, env: { value: 'production' } });
  expect(billing?.[1]?.attributes).toMatchObject({ team: { value: 'billing' } });
  expect(JSON.stringify(billing)).not.toContain('unbounded-worker');
  expect(all?.[0]).toMatchObject({ resource: { name: 'unbounded-worker' } });
  expect(all?.[0]?.attributes).not.toHaveProperty('team');
});

test('OC-7: a fix resolves the alert on the route that it went to', async () => {
  await scan();
  makePrivileged(true);
  await scan();
  const [alert] = messagesOf(OF_BILLING).filter(({ kind }) => kind === 'alert');
  messagesOf(OF_ALL);

  makePrivileged(false);
  await scan();
  const resolves = messagesOf(OF_BILLING).filter(
    ({ kind, eventAction }) => kind === 'alert' && eventAction === 'resolve',
  );

  expect(resolves.map(({ dedupKey }) => dedupKey)).toEqual([alert?.dedupKey]);
  expect(messagesOf(OF_ALL).map(({ dedupKey }) => dedupKey)).not.toContain(alert?.dedupKey);
});

test('OC-7: routes that changed meanwhile do not lose the end of an alert', async () => {
  await scan([]);
  messagesOf(OF_ALL);
  change.services.rollOut('dock-ec2', 'legacy-billing', ofFirstContainer({ privileged: true }));
  await scan([]);
  const [onDefault] = messagesOf(OF_ALL).filter(({ kind }) => kind === 'alert');

  change.services.rollOut('dock-ec2', 'legacy-billing', ofFirstContainer({ privileged: false }));
  await scan();

  expect(messagesOf(OF_ALL).filter(({ eventAction }) => eventAction === 'resolve')).toMatchObject([
    { dedupKey: onDefault?.dedupKey },
  ]);
  expect(messagesOf(OF_BILLING).filter(({ kind }) => kind === 'alert')).toEqual([]);
});

test('the alert of a route that is not configured any more is resolved on the default topics', async () => {
  await scan();
  makePrivileged(true);
  await scan();
  const [alert] = messagesOf(OF_BILLING).filter(({ kind }) => kind === 'alert');
  messagesOf(OF_ALL);

  makePrivileged(false);
  await scan([REGISTRY]);

  expect(messagesOf(OF_ALL).map(({ dedupKey }) => dedupKey)).toContain(alert?.dedupKey);
});

test('a route that refuses its digest hears it in the next run, and the others do not hear theirs again', async () => {
  await scan();
  for (const arn of [OF_ALL, OF_BILLING, OF_REGISTRY]) messagesOf(arn);
  const billing = home().topics.findIndex(({ arn }) => arn === OF_BILLING);
  const [topic] = home().topics.splice(billing, 1);

  makePrivileged(true);
  await scan();
  expect(kinds(messagesOf(OF_ALL))).toEqual(['alert', 'digest']);

  if (topic) home().topics.push(topic);
  await scan();

  expect(kinds(messagesOf(OF_BILLING))).toEqual(['alert', 'digest']);
  expect(messagesOf(OF_ALL)).toEqual([]);
});

test('a route that cannot be reached keeps no other route from its baseline and its alerts', async () => {
  const billing = home().topics.findIndex(({ arn }) => arn === OF_BILLING);
  home().topics.splice(billing, 1);
  await scan();
  expect(kinds(messagesOf(OF_ALL))).toEqual(['baseline']);

  await scan();
  expect(messagesOf(OF_ALL)).toEqual([]);
  makePrivileged(true);
  await scan();

  expect(kinds(messagesOf(OF_ALL))).toEqual(['alert', 'digest']);
});

test('without a ledger each route gets the digest of its own failures', async () => {
  ledger?.close();
  ledger = undefined;
  await scan();
  const [all, registry] = [messagesOf(OF_ALL), messagesOf(OF_REGISTRY)];

  const topOf = (messages: readonly Message[]) =>
    messages.flatMap(({ top }) => (top as { checkId: string }[] | undefined) ?? []).map(({ checkId }) => checkId);
  expect(topOf(registry).length).toBeGreaterThan(0);
  expect(topOf(registry).every((id) => id.startsWith('ecr-'))).toBe(true);
  expect(topOf(all).some((id) => id.startsWith('ecr-'))).toBe(false);
});
