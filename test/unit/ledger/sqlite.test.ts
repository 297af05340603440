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
