import { beforeEach, describe, expect, test } from 'vitest';
import { openLedger } from '#shared/composition-root.ts';
import type { FactByKind } from '#shared/domain/fact.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import { factStore } from '#shared/use-cases/look.ts';
import { loadFacts, storeCorrection } from '#shared/use-cases/stored-facts.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { emptyCollector } from '#test/support/unit-run.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 12, minute)).toISOString();
const place = { accountId: ACCOUNT, region: REGION };
const web = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/web`;
const api = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/api`;
let ledger: Ledger;

function running(usedBy: string, digest: string, minute = 0): FactByKind['running-image'] {
  const key = `${ACCOUNT}/${REGION}/app`;
  return { ...place, kind: 'running-image', key, observedAt: at(minute), image: 'app:latest', digest, usedBy };
}

const load = (minute: number, without?: Parameters<typeof loadFacts>[2]['without']) =>
  loadFacts(ledger, [ACCOUNT], {
    now: new Date(at(minute)),
    maxAgeSeconds: 3600,
    ...(without === undefined ? {} : { without }),
  });
const digests = (facts: Awaited<ReturnType<typeof load>>) =>
  facts.facts.map((fact) => ('usedBy' in fact ? `${fact.usedBy} ${fact.digest}` : fact.kind)).sort();

beforeEach(async () => {
  ledger = await openLedger(':memory:');
  await ledger.replaceFacts({
    ...place,
    service: 'ecs',
    observedAt: at(0),
    completeKinds: ['running-image'],
    facts: [running(web, 'one'), running(api, 'one')],
  });
});

describe('the facts that units have left', () => {
  test('are there with what was stated completely', async () => {
    expect(await load(10)).toMatchObject({ completions: [{ ...place, kind: 'running-image', service: 'ecs' }] });
  });

  test('count as not stated when they are too old', async () => {
    expect(await load(61)).toEqual({ facts: [], completions: [] });
  });

  test('are left out for the unit that is about to state them anew', async () => {
    const without = { ...place, service: 'ecs', kinds: ['running-image' as const] };

    expect(await load(10, without)).toEqual({ facts: [], completions: [] });
  });
});

describe('what a recheck has found out since', () => {
  const correction = (digest: string, minute: number) =>
    storeCorrection(
      ledger,
      place,
      { subject: web, kinds: ['running-image'], facts: [running(web, digest, minute)] },
      at(minute),
    );

  test('replaces what was said of that user, and of nobody else', async () => {
    await correction('two', 5);

    expect(digests(await load(10))).toEqual([`${api} one`, `${web} two`]);
  });

  test('a user that is gone leaves nothing', async () => {
    await storeCorrection(ledger, place, { subject: web, kinds: ['running-image'], facts: [] }, at(5));

    expect(digests(await load(10))).toEqual([`${api} one`]);
  });

  test('gives way to a scan that has looked later', async () => {
    await correction('two', 5);
    await ledger.replaceFacts({
      ...place,
      service: 'ecs',
      observedAt: at(7),
      completeKinds: ['running-image'],
      facts: [running(web, 'three', 7)],
    });

    expect(digests(await load(10))).toEqual([`${web} three`]);
  });

  test('an older recheck that comes late changes nothing', async () => {
    await correction('two', 5);
    await correction('late', 3);

    expect(digests(await load(10))).toEqual([`${api} one`, `${web} two`]);
  });
});

test('what a unit could not read is why its facts are not all there', () => {
  const gap = {
    ...place,
    service: 'ecs',
    operation: 'ecs:ListTasks',
    cause: 'denied',
    reason: 'No.',
    count: 1,
  } as const;
  const summary = {
    ...place,
    kind: 'unit-summary' as const,
    key: 'ecs',
    observedAt: at(0),
    unknown: 0,
    resources: 0,
    coverage: [{ ...place, service: 'ecs', status: 'partial' as const, gaps: [gap] }],
  };
  const collectors = [emptyCollector('ecs', { producesFacts: ['running-image'] })];
  const targets = [{ ...place, partition: 'aws' }];
  const why = (facts: readonly (typeof summary)[]) =>
    factStore({ facts, completions: [] }, { targets, collectors }).about('running-image').whyIncomplete;

  expect(why([])).toMatchObject({ kind: 'undecidable' });
  expect(why([summary])).toMatchObject({ kind: 'unreadable', operation: 'ecs:ListTasks' });
});
