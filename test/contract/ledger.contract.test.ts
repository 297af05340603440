import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger, LedgerRow, NewRow } from '#shared/domain/ledger.ts';
import { DynamoDbItemStore } from '#shared/ledger/dynamodb.ts';
import { ItemLedger } from '#shared/ledger/item-ledger.ts';
import { openSqliteItemStore } from '#shared/ledger/sqlite.ts';
import { transition } from '#test/factories/finding.ts';
import { ECS_SCOPE, hour, taskRow, taskRowKey, unitFacts } from '#test/factories/ledger.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { allOf } from '#test/support/all-of.ts';
import { type LocalDynamoDb, startDynamoDb } from '#test/support/dynalite.ts';

let dynamodb: LocalDynamoDb;
let directory: string;
let tables = 0;

beforeAll(async () => {
  dynamodb = await startDynamoDb();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-ledger-'));
});

afterAll(() => dynamodb?.close());

const IMPLEMENTATIONS: readonly (readonly [string, () => Promise<Ledger>])[] = [
  ['SQLite', async () => new ItemLedger(await openSqliteItemStore(join(directory, `${++tables}.db`)))],
  [
    'DynamoDB',
    async () => {
      const name = `ledger-${++tables}`;
      await dynamodb.createTable(name);
      return new ItemLedger(new DynamoDbItemStore(dynamodb.client, name));
    },
  ],
];

describe.each(IMPLEMENTATIONS)('the ledger in %s', (_name, open) => {
  let ledger: Ledger;

  beforeEach(async () => {
    ledger = await open();
    return () => ledger.close();
  });

  const put = async (row: NewRow, previous?: LedgerRow) => {
    const written = await ledger.putRow(row, previous);
    if (written === undefined) throw new Error('the row was not taken');
    return written;
  };

  test('contents come back under their keys, as often as they are asked for', async () => {
    await ledger.remember(
      new Map([
        ['one', '1'],
        ['two', '2'],
      ]),
    );
    await ledger.remember(new Map([['two', '2']]));

    expect(await ledger.recall(['two', 'three', 'two'])).toEqual(new Map([['two', '2']]));
    expect(await ledger.recall([])).toEqual(new Map());
  });

  describe('rows', () => {
    test('come back as they were written', async () => {
      const row = await put(taskRow('web'));

      expect(await ledger.readRow(taskRowKey('web'))).toEqual(row);
      expect(row.version).toBe(1);
    });

    test('that were never written are absent', async () => {
      expect(await ledger.readRow(taskRowKey('web'))).toBeUndefined();
      expect(await ledger.readRows([taskRowKey('web')])).toEqual(new Map());
    });

    test('are read together, more of them than one call takes', async () => {
      const names = Array.from({ length: 230 }, (_, index) => `app-${index}`);
      for (const name of names) await put(taskRow(name));

      const rows = await ledger.readRows([...names, 'nobody'].map(taskRowKey));

      expect([...rows.keys()].sort()).toEqual(names.map((name) => taskRow(name).finding.id).sort());
    });

    test('are read once however often they are named', async () => {
      await put(taskRow('web'));

      const rows = await ledger.readRows([taskRowKey('web'), taskRowKey('web')]);

      expect([...rows.keys()]).toEqual([taskRow('web').finding.id]);
    });

    test('of one scope are listed whole, and of no other', async () => {
      const names = Array.from({ length: 620 }, (_, index) => `app-${index}`);
      for (const name of names) await put(taskRow(name));
      await put({ ...taskRow('elsewhere'), scope: { ...ECS_SCOPE, region: 'eu-west-1' } });

      const listed = await allOf(ledger.rowsOfScope(ECS_SCOPE));

      expect(listed.map(({ finding: { resource } }) => resource.name).sort()).toEqual(names.sort());
    });

    test('are written only over what the writer read', async () => {
      const first = await put(taskRow('web'));
      const second = await put({ ...first, alert: 'open' }, first);

      expect(await ledger.putRow({ ...first, alert: 'resolved' }, first)).toBeUndefined();
      expect(await ledger.putRow(taskRow('web'), undefined)).toBeUndefined();
      expect(await ledger.readRow(taskRowKey('web'))).toEqual(second);
    });

    test('are never written with an older look', async () => {
      const newer = await put({ ...taskRow('web'), observedAt: hour(5) });

      expect(await ledger.putRow({ ...newer, observedAt: hour(4) }, newer)).toBeUndefined();
      expect((await ledger.readRow(taskRowKey('web')))?.observedAt).toBe(hour(5));
    });

    test('written by many at once keep one writer’s row each time', async () => {
      const first = await put(taskRow('web'));

      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => ledger.putRow({ ...first, reopenedCount: index }, first)),
      );

      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
      expect(await ledger.readRow(taskRowKey('web'))).toEqual(answers.find((answer) => answer !== undefined));
    });

    test('with ids of 512 characters outside ASCII are told apart', async () => {
      const [left, right] = ['左'.repeat(400), `${'左'.repeat(399)}右`];
      const [one, other] = [await put(taskRow(left)), await put(taskRow(right))];

      expect(await ledger.readRow(taskRowKey(left))).toEqual(one);
      expect(await ledger.readRow(taskRowKey(right))).toEqual(other);
    });
  });

  describe('pending rows', () => {
    test('are listed oldest first, and no longer when they are published', async () => {
      const late = await put(pending('late', 3));
      await put(pending('early', 1));
      await put(taskRow('told'));

      expect(await pendingNames(ledger)).toEqual(['early', 'late']);
      await put({ ...late, publish: { state: 'published', transition: 'opened' } }, late);
      expect(await pendingNames(ledger)).toEqual(['early']);
    });

    test('of other regions are not among them', async () => {
      await put({ ...pending('elsewhere', 1), scope: { ...ECS_SCOPE, region: 'eu-west-1' } });

      expect(await pendingNames(ledger)).toEqual([]);
    });

    test('are listed whole where there are many', async () => {
      for (let index = 0; index < 250; index += 1) await put(pending(`app-${index}`, index));

      expect(await pendingNames(ledger)).toHaveLength(250);
    });
  });

  describe('the progress of a run', () => {
    test('counts a unit once, however often it completes', async () => {
      await ledger.expectUnits('run', ['a', 'b']);
      await ledger.expectUnits('run', ['b', 'c']);
      await ledger.completeUnit('run', 'a');
      const progress = await ledger.completeUnit('run', 'a');

      expect(progress).toEqual({ expected: ['a', 'b', 'c'], completed: ['a'] });
      expect(await ledger.readProgress('run')).toEqual(progress);
    });

    test('is whole for at least one of several units that complete at once', async () => {
      const units = Array.from({ length: 8 }, (_, index) => `unit-${index}`);
      await ledger.expectUnits('run', units);

      const answers = await Promise.all(units.map((unit) => ledger.completeUnit('run', unit)));

      expect(answers.filter(({ completed }) => completed.length === units.length).length).toBeGreaterThan(0);
    });

    test('of a run without units is empty', async () => {
      expect(await ledger.expectUnits('run', [])).toEqual({ expected: [], completed: [] });
    });

    test('ends with the run, and the last one is known', async () => {
      const run = { startedAt: hour(0), complete: true, scopes: [] };
      await ledger.recordFinishedRun({ ...run, runId: 'second', finishedAt: hour(2) });
      await ledger.recordFinishedRun({ ...run, runId: 'first', finishedAt: hour(1) });

      expect((await ledger.lastFinishedRun())?.runId).toBe('second');
    });

    test('has no last run before the first', async () => {
      expect(await ledger.lastFinishedRun()).toBeUndefined();
    });
  });

  describe('alert slots', () => {
    test('are given out up to the maximum, whoever asks at once (OC-2)', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `finding-${index}`);

      const answers = await Promise.all(ids.map((id) => ledger.takeAlertSlot('run', 'route', id, 5)));

      expect(answers.filter(Boolean)).toHaveLength(5);
    });

    test('stay with the finding that has one', async () => {
      await ledger.takeAlertSlot('run', 'route', 'one', 1);

      expect(await ledger.takeAlertSlot('run', 'route', 'one', 1)).toBe(true);
      expect(await ledger.takeAlertSlot('run', 'route', 'two', 1)).toBe(false);
      expect(await ledger.takeAlertSlot('run', 'another route', 'two', 1)).toBe(true);
      expect(await ledger.takeAlertSlot('another run', 'route', 'two', 1)).toBe(true);
    });

    test('are none where the maximum is zero', async () => {
      expect(await ledger.takeAlertSlot('run', 'route', 'one', 0)).toBe(false);
    });
  });

  describe('leases', () => {
    const now = new Date(hour(0));
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

    test('belong to one owner until they expire or are given back', async () => {
      expect(await ledger.acquireLease('unit', 'me', now, 60)).toBe(true);
      expect(await ledger.acquireLease('unit', 'you', later(59), 60)).toBe(false);
      expect(await ledger.acquireLease('unit', 'me', later(59), 60)).toBe(true);
      expect(await ledger.acquireLease('unit', 'you', later(120), 60)).toBe(true);
      await ledger.releaseLease('unit', 'me');
      expect(await ledger.acquireLease('unit', 'me', later(121), 60)).toBe(false);
      await ledger.releaseLease('unit', 'you');
      expect(await ledger.acquireLease('unit', 'me', later(121), 60)).toBe(true);
    });

    test('are given to one of many who ask at once', async () => {
      const owners = Array.from({ length: 8 }, (_, index) => `owner-${index}`);

      const answers = await Promise.all(owners.map((owner) => ledger.acquireLease('unit', owner, now, 60)));

      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('accounts', () => {
    test('have one baseline run, and the next takes over only what was never told (OC-3)', async () => {
      expect(await ledger.readAccount(ACCOUNT)).toBeUndefined();
      await ledger.claimBaseline(ACCOUNT, 'first');
      expect((await ledger.claimBaseline(ACCOUNT, 'second')).baselineRunId).toBe('second');
      await ledger.updateAccount(ACCOUNT, { baselineAt: hour(1) });
      expect(await ledger.claimBaseline(ACCOUNT, 'third')).toEqual({
        accountId: ACCOUNT,
        baselineRunId: 'second',
        baselineAt: hour(1),
      });
    });

    test('remember when they were last read completely', async () => {
      await ledger.claimBaseline(ACCOUNT, 'first');
      await ledger.updateAccount(ACCOUNT, { lastCompleteAt: hour(2) });

      expect((await ledger.readAccount(ACCOUNT))?.lastCompleteAt).toBe(hour(2));
    });
  });

  test('scopes keep the newest times, in whatever order they are told', async () => {
    await ledger.recordScope({ ...ECS_SCOPE, lookedAt: hour(3) });
    await ledger.recordScope({ ...ECS_SCOPE, lookedAt: hour(2), completedAt: hour(2) });

    expect(await allOf(ledger.scopes())).toEqual([{ ...ECS_SCOPE, lookedAt: hour(3), completedAt: hour(2) }]);
  });

  describe('facts', () => {
    test('of a unit are replaced as a whole', async () => {
      await ledger.replaceFacts(unitFacts(1, ['old', 'older']));
      await ledger.replaceFacts(unitFacts(2, ['new']));

      expect(await factKeys(ledger)).toEqual(['new']);
    });

    test('are not replaced by an older look', async () => {
      await ledger.replaceFacts(unitFacts(2, ['new']));

      expect(await ledger.replaceFacts(unitFacts(1, ['old']))).toBe(false);
      expect(await factKeys(ledger)).toEqual(['new']);
    });

    test('come back with their dates and with what was stated completely', async () => {
      const facts = unitFacts(1, ['one']);
      await ledger.replaceFacts(facts);

      expect(await allOf(ledger.factsOf(ACCOUNT))).toEqual([facts]);
    });

    test('of many units and of any number stay apart', async () => {
      const many = Array.from({ length: 3000 }, (_, index) => `image-${index}`);
      await ledger.replaceFacts(unitFacts(1, many));
      await ledger.replaceFacts({ ...unitFacts(1, ['other']), region: 'eu-west-1' });
      await ledger.replaceFacts({ ...unitFacts(1, []), cluster: 'prod' });
      await ledger.replaceFacts({ ...unitFacts(1, ['foreign']), accountId: '444455556666' });

      const units = await allOf(ledger.factsOf(ACCOUNT));

      expect(units).toHaveLength(3);
      expect(await allOf(ledger.factsOf(ACCOUNT, units[0]?.service))).toEqual(units);
      expect(await allOf(ledger.factsOf(ACCOUNT, 'another'))).toEqual([]);
      expect((await factKeys(ledger)).sort()).toEqual([...many, 'other'].sort());
    });
  });

  test('news waits for a digest, once, until it is told', async () => {
    const news = { accountId: ACCOUNT, transition: transition() };
    await ledger.addNews([news, { ...news, transition: transition({ observedAt: hour(9) }) }]);
    await ledger.addNews([news]);

    const waiting = await allOf(ledger.news(ACCOUNT));
    expect(waiting).toHaveLength(2);
    expect(waiting).toContainEqual(news);
    await ledger.removeNews(waiting);
    expect(await allOf(ledger.news(ACCOUNT))).toEqual([]);
  });
});

function pending(name: string, since: number): NewRow {
  return {
    ...taskRow(name),
    publish: { state: 'pending', transition: 'opened', since: hour(since), delivered: [] },
  };
}

async function pendingNames(ledger: Ledger): Promise<string[]> {
  const rows = await allOf(ledger.pendingRows(ACCOUNT, REGION));
  return rows.map(({ finding: { resource } }) => resource.name);
}

async function factKeys(ledger: Ledger): Promise<string[]> {
  const units = await allOf(ledger.factsOf(ACCOUNT));
  return units.flatMap(({ facts }) => facts.map((fact) => (fact as { key: string }).key));
}
