import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Inventory } from '#shared/domain/inventory.ts';
import { readInventory } from '#shared/inventory-file/read.ts';
import { writeInventory } from '#shared/inventory-file/write.ts';
import { taskDefinitionFamily } from '#test/factories/ecs.ts';

const INVENTORY: Inventory = {
  startedAt: '2026-11-23T00:00:00.000Z',
  finishedAt: '2026-11-23T00:01:00.000Z',
  targets: [{ accountId: '111122223333', region: 'us-east-1', partition: 'aws' }],
  services: ['ecs'],
  resources: [taskDefinitionFamily()],
  facts: [
    {
      kind: 'ecs-cluster',
      key: 'arn:aws:ecs:us-east-1:111122223333:cluster/prod',
      accountId: '111122223333',
      region: 'us-east-1',
      observedAt: '2026-11-23T00:00:00.000Z',
      name: 'prod',
      runsOnFargate: true,
      runsOnEc2: false,
      hasTasks: true,
    },
  ],
  factCompletions: [{ kind: 'ecs-cluster', accountId: '111122223333', region: 'us-east-1', service: 'ecs' }],
  coverage: [
    {
      accountId: '111122223333',
      region: 'us-east-1',
      service: 'ecs',
      status: 'partial',
      gaps: [
        {
          accountId: '111122223333',
          region: 'us-east-1',
          service: 'ecs',
          operation: 'ecs:ListTasks',
          cause: 'denied',
          reason: 'ecs:ListTasks was denied.',
          missingPermission: 'ecs:ListTasks',
          count: 1,
        },
      ],
    },
  ],
};

async function written(): Promise<string[]> {
  let text = '';
  const output = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  await writeInventory(INVENTORY, '0.1.0', output);
  return text.trimEnd().split('\n');
}

async function read(lines: readonly string[]): Promise<Inventory> {
  return readInventory(
    (async function* () {
      yield* lines;
    })(),
    'inventory.jsonl',
  );
}

test('what was written is read back unchanged', async () => {
  expect(await read(await written())).toEqual(INVENTORY);
});

test('an inventory cut after any line is refused', async () => {
  const lines = await written();
  for (let length = 0; length < lines.length; length += 1) {
    await expect(read(lines.slice(0, length))).rejects.toThrow(/cut off|empty/);
  }
});

test('an inventory cut inside a line is refused and the line is named', async () => {
  const lines = await written();
  const half = [...lines.slice(0, 1), lines[1]?.slice(0, 40) ?? ''];

  await expect(read(half)).rejects.toThrow('inventory.jsonl, line 2: the line is not JSON');
});

test('an inventory with a line taken out is refused: the footer counts', async () => {
  const lines = await written();

  await expect(read(lines.filter((_line, index) => index !== 1))).rejects.toThrow(
    'the footer counts 1 resources, the file holds 0',
  );
});

test('an inventory of another major version is refused', async () => {
  const [header = '', ...rest] = await written();

  await expect(read([header.replace('inventory.v1', 'inventory.v2'), ...rest])).rejects.toThrow(
    'of version "inventory.v2"',
  );
});

test('a file that is something else is refused', async () => {
  await expect(read(['{"kind": "Pod"}'])).rejects.toThrow('not a line of an inventory');
  await expect(read(['FROM node:24'])).rejects.toThrow('not JSON');
  await expect(read([])).rejects.toThrow('empty');
});

test('a resource without an identity is refused', async () => {
  const lines = await written();
  const broken = lines.map((line) => line.replace('"uid":', '"id":'));

  await expect(read(broken)).rejects.toThrow('line 2: not a line of an inventory (resource.uid');
});
