import { expect, test } from 'vitest';
import { inspectorEcrEnabled } from '#shared/checks/inspector/inspector-ecr-enabled.ts';
import type { CollectedItem, CollectorContext } from '#shared/domain/ports.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { planRun } from '#shared/use-cases/plan.ts';
import type { UnitMessage } from '#shared/use-cases/run-messages.ts';
import { scanUnit } from '#shared/use-cases/scan-unit.ts';
import { allOf } from '#test/support/all-of.ts';
import { emptyCollector, IN_SCOPE, type TestRun, testRun, unitsOf } from '#test/support/unit-run.ts';

/** An invocation that keeps 180 s for telling has this many milliseconds to read. */
const READING_MS = 30;

interface World {
  /** Accounts that fail, by the region they are in. */
  readonly names: readonly string[];
  /** The stream never ends. */
  readonly isEndless: boolean;
}

/** A service whose collector gives what there is and then, where it is endless, waits for AWS for ever. */
function collectorOf(world: () => World) {
  async function* collect({ accountId, region, partition }: CollectorContext): AsyncGenerator<CollectedItem> {
    for (const name of world().names) {
      const uid = `arn:aws:inspector2:${region}:${accountId}:${name}`;
      const identity = { type: 'InspectorAccount', uid, name, accountId, region, partition, inUse: 'yes' } as const;
      yield { resource: { ...identity, ecrScanning: { known: true, value: 'DISABLED' } } };
    }
    if (world().isEndless) await new Promise(() => {});
  }
  return { ...emptyCollector('inspector', {}, collect), resourceTypes: ['InspectorAccount' as const] };
}

async function deployed(world: () => World, before: readonly string[] = []): Promise<TestRun> {
  return testRun({
    registry: createRegistry([inspectorEcrEnabled]),
    collectors: [...before.map((service) => emptyCollector(service)), collectorOf(world)],
    serviceOf: () => 'inspector',
    remainingMs: () => 180_000 + READING_MS,
  });
}

async function firstUnit(run: TestRun): Promise<UnitMessage> {
  await planRun('run-1', IN_SCOPE, { ...run, phases: 1, deadlineSeconds: 7200 });
  const [unit] = await unitsOf(run);
  if (unit === undefined) throw new Error('nothing was planned');
  return unit;
}

async function open(run: TestRun, { accountId, region }: UnitMessage) {
  const rows = await allOf(run.ledger.rowsOfScope({ accountId, region, service: 'inspector' }));
  return rows.map(({ finding, status }) => `${finding.resource.name} ${status}`).sort();
}

test('a service that takes longer than an invocation is told as far as it was read, and closes nothing', async () => {
  let world: World = { names: ['one', 'two'], isEndless: false };
  const run = await deployed(() => world);
  const whole = await firstUnit(run);
  expect(await scanUnit(whole, run)).toMatchObject({ outcome: 'done', services: [{ complete: true }] });

  run.advance(3600);
  world = { names: ['two', 'three'], isEndless: true };

  expect(await scanUnit({ ...whole, runId: 'run-2', services: ['inspector'] }, run)).toMatchObject({
    outcome: 'done',
    services: [{ service: 'inspector', resources: 2, complete: false }],
  });
  expect(await open(run, whole)).toEqual(['inspector FAILED', 'one FAILED', 'three FAILED', 'two FAILED']);
});

test('a service that was begun late is left, untold, to an invocation that has all its time', async () => {
  const run = await deployed(() => ({ names: ['one'], isEndless: true }), ['first']);
  const unit = await firstUnit(run);
  let asked = 0;
  const late = { ...run, remainingMs: () => (++asked <= 2 ? 300_000 : 180_000 + READING_MS) };

  expect(await scanUnit(unit, late)).toMatchObject({ outcome: 'continued', services: [{ service: 'first' }] });
  expect(await open(run, unit)).toEqual([]);
  const [rest] = await unitsOf(run);
  expect(rest?.done).toEqual(['first']);
});
