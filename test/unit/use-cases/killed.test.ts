import { describe, expect, test } from 'vitest';
import { inspectorEcrEnabled } from '#shared/checks/inspector/inspector-ecr-enabled.ts';
import type { CollectorContext, Sink, SinkReport, Transition } from '#shared/domain/ports.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { finishRun } from '#shared/use-cases/finish.ts';
import { openAccount } from '#shared/use-cases/open-account.ts';
import { planRun } from '#shared/use-cases/plan.ts';
import { finishMessageSchema, scanMessageSchema } from '#shared/use-cases/run-messages.ts';
import { accountProgress } from '#shared/use-cases/run-progress.ts';
import { scanUnit } from '#shared/use-cases/scan-unit.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { FaultPoints, Killed } from '#test/support/faults.ts';
import { emptyCollector, IN_SCOPE, TARGETS, type TestRun, testRun } from '#test/support/unit-run.ts';

/** What Inspector says in each region, by the name of the account it is switched on for; none = nothing is there. */
type World = Readonly<Record<string, string | undefined>>;

const BEFORE: World = { 'us-east-1': 'DISABLED', 'eu-west-1': 'ENABLED' };
/** One is fixed, another fails. */
const AFTER: World = { 'us-east-1': 'ENABLED', 'eu-west-1': 'DISABLED' };
/** And then one is gone. */
const LATER: World = { 'us-east-1': 'ENABLED', 'eu-west-1': undefined };

/** A destination that holds findings, as Security Hub does: the last import counts, and all are remembered. */
class Hub implements Sink {
  readonly name = 'hub';
  readonly permissions = [];
  readonly holdsFindings = true;
  readonly state = new Map<string, string>();
  readonly told: string[] = [];

  async publish(transitions: AsyncIterable<Transition> | Iterable<Transition>): Promise<SinkReport> {
    let published = 0;
    for await (const { kind, finding } of transitions) {
      this.state.set(finding.id, `${kind} ${finding.status}`);
      this.told.push(`${kind} ${finding.id}`);
      published += 1;
    }
    return { sink: this.name, published, rejected: [], notPublished: [] };
  }
}

interface Deployed {
  readonly run: TestRun;
  readonly hub: Hub;
  readonly points: FaultPoints;
  world: World;
}

async function deployed(): Promise<Deployed> {
  const hub = new Hub();
  const points = new FaultPoints();
  const inspector = {
    ...emptyCollector('inspector', {}, collect),
    resourceTypes: ['InspectorAccount' as const],
  };
  const run = await testRun({
    registry: createRegistry([inspectorEcrEnabled]),
    collectors: [inspector],
    serviceOf: () => 'inspector',
  });
  const self: Deployed = {
    run: { ...run, ledger: points.on(run.ledger), sinks: [points.on(hub)] },
    hub,
    points,
    world: BEFORE,
  };
  async function* collect(context: CollectorContext) {
    const { accountId, region, partition } = context;
    const status = self.world[region];
    if (status === undefined) return;
    const uid = `arn:aws:inspector2:${region}:${ACCOUNT}:account`;
    const identity = {
      type: 'InspectorAccount',
      uid,
      name: region,
      accountId,
      region,
      partition,
      inUse: 'yes',
    } as const;
    yield { resource: { ...identity, ecrScanning: { known: true as const, value: status } } };
  }
  return self;
}

/** A whole run, each of whose messages comes again until it is done, as a queue has it. */
async function wholeRun(runId: string, { run, points }: Deployed): Promise<void> {
  const again = async (act: () => Promise<unknown>) => {
    for (;;) {
      run.advance(1);
      try {
        await act();
        return;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
  };
  const queues = { unitQueue: points.on(run.unitQueue), finishQueue: points.on(run.finishQueue) };
  const dependencies = { ...run, ...queues };
  await again(() => planRun(runId, IN_SCOPE, { ...dependencies, phases: 1, deadlineSeconds: 7200 }));
  for (let sent = run.unitQueue.sent.shift(); sent !== undefined; sent = run.unitQueue.sent.shift()) {
    const message = scanMessageSchema.parse(sent.body);
    const planAccount = async () => ({ targets: TARGETS, excluded: [] });
    await again(() =>
      'region' in message ? scanUnit(message, dependencies) : openAccount(message, { ...dependencies, planAccount }),
    );
  }
  for (let sent = run.finishQueue.sent.shift(); sent !== undefined; sent = run.finishQueue.sent.shift()) {
    const message = finishMessageSchema.parse(sent.body);
    if (message.reason === 'deadline') continue;
    const messageId = `finish ${runId}`;
    const settings = { messageId, deadlineSeconds: 7200, outOfScopeDays: 7, regions: ['us-east-1', 'eu-west-1'] };
    await again(() => finishRun(message, { ...dependencies, ...settings }));
  }
}

/** What is known and what was told at the end; times and the number of writes aside, which a repetition changes. */
async function endState({ run, hub }: Deployed, runId: string) {
  const rows: unknown[] = [];
  for (const { region } of TARGETS) {
    for await (const row of run.ledger.rowsOfScope({ accountId: ACCOUNT, region, service: 'inspector' })) {
      const { finding, status, publishedAs, publish, alert, reopenedCount, evidenceHash } = row;
      rows.push({ id: finding.id, status, publishedAs, publish, alert, reopenedCount, evidenceHash });
    }
  }
  const { completed } = await accountProgress(run.ledger, runId, ACCOUNT);
  const last = await run.ledger.lastFinishedRun();
  return {
    rows,
    hub: [...hub.state].sort(),
    told: [...new Set(hub.told)].sort(),
    completed: [...completed].sort(),
    last: { runId: last?.runId, complete: last?.complete, scopes: last?.scopes },
  };
}

async function story(worlds: readonly World[], armed?: { at: number; when: 'before' | 'after' }) {
  const deployment = await deployed();
  for (const [index, world] of worlds.entries()) {
    deployment.world = world;
    const isLast = index === worlds.length - 1;
    deployment.points.arm(isLast && armed !== undefined ? armed.at : -1, armed?.when ?? 'before');
    await wholeRun(`run-${index}`, deployment);
  }
  const effects = deployment.points.count;
  const { hasKilled } = deployment.points;
  deployment.points.arm(-1, 'before');
  const state = await endState(deployment, `run-${worlds.length - 1}`);
  return { state, effects, hasKilled, told: deployment.hub.told };
}

describe.for([
  ['the first run', [BEFORE]],
  ['a run with a fix and a new failure', [BEFORE, AFTER]],
  ['a run in which a failing resource is gone', [BEFORE, AFTER, LATER]],
] as const)('killed anywhere in %s, and delivered again', ([, worlds]) => {
  test('everything ends as if nothing had happened, and no transition is lost', async () => {
    const undisturbed = await story(worlds);
    const differences: string[] = [];
    for (let at = 1; at <= undisturbed.effects; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const { state, told, hasKilled } = await story(worlds, { at, when });
        if (when === 'before' && !hasKilled) differences.push(`effect ${at} was never reached`);
        if (JSON.stringify(state) !== JSON.stringify(undisturbed.state)) {
          differences.push(`${when} effect ${at}: ${JSON.stringify(state)}`);
        }
        if (told.length > undisturbed.told.length + 1)
          differences.push(`${when} effect ${at}: told ${told.length} times`);
      }
    }

    expect(differences).toEqual([]);
    expect(undisturbed.effects).toBeGreaterThan(30);
  });
});
