import { describe, expect, test } from 'vitest';
import { openLedger } from '#shared/composition-root.ts';
import type { AnalystWorkflow } from '#shared/domain/ledger.ts';
import type { SinkReport } from '#shared/domain/ports.ts';
import { applyLook } from '#shared/engine/transitions.ts';
import type { DigestFacts } from '#shared/sinks/sns/digest.ts';
import type { DigestingSink } from '#shared/use-cases/digest-facts.ts';
import { LedgerAlertMemory } from '#shared/use-cases/ledger-alert-memory.ts';
import { tellNews } from '#shared/use-cases/tell-news.ts';
import { finding, transition } from '#test/factories/finding.ts';

const AT = '2026-11-23T12:00:00.000Z';
const SEEN = finding();
const { accountId, region } = SEEN.resource;
const SCOPE = { accountId, region, service: 'ecs' };

const FACTS: DigestFacts = {
  group: 'hullcheck-scan',
  runId: 'run-1',
  kind: 'digest',
  startedAt: AT,
  finishedAt: AT,
  complete: true,
  openBySeverity: { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 },
  unknown: 0,
  scopesScanned: 1,
  problems: [],
  waiversExpiring: [],
};

/** A destination with one route, whose topics answer a digest so. */
function digesting(
  answer: Pick<SinkReport, 'published' | 'rejected'>,
  told: (facts: DigestFacts) => void = () => {},
): DigestingSink {
  return {
    name: 'sns',
    permissions: [],
    routes: ['default'],
    tellsEveryRun: false,
    routeOf: () => 'default',
    mayTakeFrom: () => true,
    publish: async () => ({ sink: 'sns', published: 0, rejected: [], notPublished: [] }),
    async publishDigest(facts) {
      told(facts);
      return { sink: 'sns', notPublished: [], ...answer };
    },
  };
}

describe('the end of a run', () => {
  /** Tells a run to destinations that answer so; says what of it is still untold. */
  async function afterDigest(answer: Pick<SinkReport, 'published' | 'rejected'>) {
    const ledger = await openLedger(':memory:');
    await ledger.claimBaseline(accountId, 'run-1');
    await ledger.addNews([{ accountId, transition: transition() }]);
    const sink = digesting(answer);
    const now = () => new Date(AT);
    await tellNews(
      { runId: 'run-1', accountIds: [accountId], scopes: [], facts: FACTS },
      { ledger, sinks: [sink], now },
    );
    const left: unknown[] = [];
    for await (const news of ledger.news(accountId)) left.push(news);
    return { left: left.length, baselineAt: (await ledger.readAccount(accountId))?.baselineAt };
  }

  test('AU-9: nobody was reminded of a waiver that ends while no topic took the message: the next run does it', async () => {
    const ledger = await openLedger(':memory:');
    await ledger.claimBaseline(accountId, 'run-0');
    await ledger.updateAccount(accountId, { baselineAt: AT });
    const waiversExpiring = [{ id: 'legacy', owner: 'team', expiresAt: '2026-11-30T00:00:00.000Z' }];
    const answers = [
      { published: 0, rejected: [refused] },
      { published: 1, rejected: [] },
    ];
    const told: number[] = [];
    for (const [index, answer] of answers.entries()) {
      const sink = digesting(answer, ({ waiversExpiring: reminded }) => told.push(reminded.length));
      await tellNews(
        { runId: `run-${index + 1}`, accountIds: [accountId], scopes: [], facts: { ...FACTS, waiversExpiring } },
        { ledger, sinks: [sink], now: () => new Date(AT) },
      );
    }

    expect(told).toEqual([1, 1]);
  });

  test('OC-1: what the baseline reminded of is not repeated by the run after it', async () => {
    const ledger = await openLedger(':memory:');
    const waiversExpiring = [{ id: 'legacy', owner: 'team', expiresAt: '2026-11-30T00:00:00.000Z' }];
    const told: string[] = [];
    for (const runId of ['run-1', 'run-2']) {
      const sink = digesting({ published: 1, rejected: [] }, ({ kind }) => told.push(kind));
      await tellNews(
        { runId, accountIds: [accountId], scopes: [], facts: { ...FACTS, waiversExpiring } },
        { ledger, sinks: [sink], now: () => new Date(AT) },
      );
    }

    expect(told).toEqual(['baseline']);
  });

  test('a digest of some accounts counts what is open in all: an incident is over only then', async () => {
    const ledger = await openLedger(':memory:');
    const [clean, failing] = [{ ...SCOPE, accountId: '444455556666' }, SCOPE];
    for (const { accountId: id } of [clean, failing]) {
      await ledger.claimBaseline(id, 'run-0');
      await ledger.updateAccount(id, { baselineAt: AT });
    }
    const row = applyLook({ scope: failing, finding: SEEN, observedAt: AT }, undefined);
    if (row !== undefined) await ledger.putRow(row, undefined);
    await ledger.recordScope({ ...failing, lookedAt: AT });
    await ledger.addNews([{ accountId: clean.accountId, transition: transition({ kind: 'fixed' }) }]);
    let open: DigestFacts['openBySeverity'] | undefined;
    const sink = digesting({ published: 1, rejected: [] }, (facts) => {
      open = facts.openBySeverity;
    });

    await tellNews(
      { runId: 'run-1', accountIds: [clean.accountId], scopes: [], facts: FACTS },
      { ledger, sinks: [sink], now: () => new Date(AT) },
    );

    expect(open?.[SEEN.severity]).toBe(1);
  });

  test('OC-2, OC-3: new accounts beside known ones are in the one digest, and nothing in them is news', async () => {
    const ledger = await openLedger(':memory:');
    const added = '444455556666';
    await ledger.claimBaseline(accountId, 'run-0');
    await ledger.updateAccount(accountId, { baselineAt: AT });
    await ledger.addNews([
      { accountId, transition: transition() },
      { accountId: added, transition: transition() },
    ]);
    const told: Pick<DigestFacts, 'kind' | 'newAccounts'>[] = [];
    const sink = digesting({ published: 1, rejected: [] }, ({ kind, newAccounts = [] }) => {
      told.push({ kind, newAccounts });
    });

    for (const runId of ['run-1', 'run-2']) {
      await tellNews(
        { runId, accountIds: [accountId, added], scopes: [], facts: FACTS },
        { ledger, sinks: [sink], now: () => new Date(AT) },
      );
    }

    expect(told).toEqual([{ kind: 'digest', newAccounts: [added] }]);
    expect((await ledger.readAccount(added))?.baselineAt).toBe(AT);
  });

  const refused = { findingId: 'hullcheck/digest', code: 'NotFoundException', message: 'chat topic: there is none' };

  test('OC-1: a digest that one topic took is not repeated to it because another topic is missing', async () => {
    expect(await afterDigest({ published: 1, rejected: [refused] })).toEqual({ left: 0, baselineAt: AT });
  });

  test('a digest that no topic took is told by the next run', async () => {
    expect(await afterDigest({ published: 0, rejected: [refused] })).toEqual({ left: 1, baselineAt: undefined });
  });
});

describe('a single alert', () => {
  async function isAllowed(workflow: AnalystWorkflow): Promise<boolean> {
    const ledger = await openLedger(':memory:');
    await ledger.claimBaseline(accountId, 'run-1');
    await ledger.updateAccount(accountId, { baselineAt: AT });
    const row = applyLook({ scope: SCOPE, finding: SEEN, observedAt: AT }, undefined);
    if (row !== undefined) await ledger.putRow({ ...row, workflow }, undefined);
    const memory = new LedgerAlertMemory({ ledger, serviceOf: () => 'ecs', window: 'run-2', max: 5 });
    return memory.reserve(SEEN.id, 'default');
  }

  test('is not sent for what an analyst has suppressed', async () => {
    expect(await isAllowed({ status: 'SUPPRESSED', at: AT, byUs: false })).toBe(false);
  });

  test('is sent for what only a waiver had suppressed, once it has ended', async () => {
    expect(await isAllowed({ status: 'SUPPRESSED', at: AT, byUs: true })).toBe(true);
  });
});
