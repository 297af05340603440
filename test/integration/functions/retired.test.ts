import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LedgerRow, NewRow } from '#shared/domain/ledger.ts';
import { allOf } from '#test/support/all-of.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const SCOPE = { accountId: '111122223333', region: 'us-east-1', service: 'ecr' };

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { scope: { regions: ['us-east-1'], services: ['ecr', 'eks'] } },
  });
  await deployment.run();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const home = () => deployment.demo.world.accounts[0]?.regions[0];
const held = (id: string) => [...(home()?.security.findings.values() ?? [])].find((one) => one.Id === id);
const messages = () =>
  home()?.topics.flatMap((topic) => topic.messages.map(({ message }) => JSON.parse(message))) ?? [];
const openRows = async () =>
  (await allOf(deployment.ledger.rowsOfScope(SCOPE))).filter(({ status }) => status === 'FAILED');

/** What an earlier version, which still had the check, left behind: an open finding that woke somebody. */
async function leaveBehind(checkId: string): Promise<string> {
  const [row] = await openRows();
  if (row === undefined) throw new Error('nothing fails in the demo');
  const { version: _, ...like } = row satisfies LedgerRow;
  const id = row.finding.id.replace(row.finding.checkId, checkId);
  const left: NewRow = { ...like, finding: { ...row.finding, id, checkId }, alert: 'open', alertRoute: 'default' };
  await deployment.ledger.putRow(left, undefined);
  return id;
}

async function nextRun(): Promise<void> {
  deployment.advance(12 * 3600);
  await deployment.run();
}

test('what a check found that does not exist any more is archived by the next complete run, which says why', async () => {
  const id = await leaveBehind('ecr-repository-gone-check');
  const others = (await openRows()).filter(({ finding }) => finding.id !== id).map(({ finding }) => finding.id);
  const before = messages().length;

  deployment.demo.faults.add('eks:ListClusters', { kind: 'deny', because: 'no-identity-policy' });
  await nextRun();
  expect(held(id)).toBeUndefined();

  deployment.demo.faults.clear();
  await nextRun();
  expect(held(id)).toMatchObject({
    RecordState: 'ARCHIVED',
    Description: 'The check that found it does not exist any more.',
    ProductFields: { closedBecause: 'check retired', transition: 'gone' },
  });
  expect(messages().slice(before)).toContainEqual(
    expect.objectContaining({ eventAction: 'resolve', dedupKey: id, closedBecause: 'check retired' }),
  );
  expect((await openRows()).map(({ finding }) => finding.id)).toEqual(others);

  const told = messages().length;
  await nextRun();
  expect(messages()).toHaveLength(told);
});
