import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ItemLedger } from '#shared/ledger/item-ledger.ts';
import { openSqliteItemStore } from '#shared/ledger/sqlite.ts';
import { taskRow, taskRowKey } from '#test/factories/ledger.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-ledger-'));
});

test('a ledger file that cannot be used is one clear sentence', async () => {
  await expect(openSqliteItemStore(join(directory, 'nowhere', 'ledger.db'))).rejects.toThrow(
    /The ledger .*ledger\.db cannot be used/,
  );
});

test('two processes may share a ledger file', async () => {
  const file = join(directory, 'shared.db');
  const [one, other] = [
    new ItemLedger(await openSqliteItemStore(file)),
    new ItemLedger(await openSqliteItemStore(file)),
  ];
  const written = await one.putRow(taskRow('web'), undefined);

  expect(await other.readRow(taskRowKey('web'))).toEqual(written);
  expect(await other.putRow(taskRow('web'), undefined)).toBeUndefined();
  one.close();
  other.close();
});

test('what was found out of a service that is gone is forgotten, not read for ever', async () => {
  const file = join(directory, 'facts.db');
  const place = { accountId: '111122223333', region: 'us-east-1', service: 'recheck', cluster: 'arn:of:a:service' };
  const ledgerAt = async (at: string) => new ItemLedger(await openSqliteItemStore(file, () => new Date(at)));
  const unitsAt = async (at: string) => {
    const ledger = await ledgerAt(at);
    const units: unknown[] = [];
    for await (const unit of ledger.factsOf(place.accountId)) units.push(unit);
    ledger.close();
    return units;
  };
  const ledger = await ledgerAt('2026-01-01T00:00:00Z');
  const statement = { ...place, observedAt: '2026-01-01T00:00:00.000Z', completeKinds: [], facts: [] };
  await ledger.replaceFacts(statement);
  ledger.close();

  expect(await unitsAt('2026-02-01T00:00:00Z')).toEqual([statement]);
  expect(await unitsAt('2026-02-06T00:00:00Z')).toEqual([]);
});
