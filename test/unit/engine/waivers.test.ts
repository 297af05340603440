import { describe, expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import type { Waiver } from '#shared/domain/waiver.ts';
import {
  applyWaivers,
  type LookedAt,
  tagLookup,
  WaiverIndex,
  WaiverTally,
  waiverUses,
} from '#shared/engine/waivers.ts';
import { coverageEntry, finding, taskDefinitionReference } from '#test/factories/finding.ts';
import { acceptedRisk } from '#test/factories/waiver.ts';

const NOW = new Date('2026-11-23T12:00:00.000Z');
const lookedAtAll: LookedAt = {
  serviceOfCheck: new Map([
    ['ecs-task-root-filesystem-readonly', 'ecs'],
    ['ecs-task-user-nonroot', 'ecs'],
  ]),
  coverage: [coverageEntry()],
};

function apply(findings: readonly Finding[], waivers: readonly Waiver[], lookedAt = lookedAtAll) {
  const tally = new WaiverTally();
  const index = new WaiverIndex(waivers, NOW, () => undefined);
  const applied = [...applyWaivers(findings, index, tally)];
  return { applied, uses: waiverUses({ waivers, ignored: [] }, tally, lookedAt, NOW) };
}

function stateOf(waiver: Waiver, findings: readonly Finding[] = [], lookedAt = lookedAtAll) {
  return apply(findings, [waiver], lookedAt).uses[0]?.state;
}

const other = finding({ resource: taskDefinitionReference({ uid: 'other', arn: 'other:1' }) });

describe('applying waivers', () => {
  test('puts the waiver on the failure it covers and on no other, in order', () => {
    const { applied } = apply([other, finding()], [acceptedRisk()]);

    expect(applied).toEqual([
      other,
      finding({
        waiver: {
          id: 'legacy-batch',
          reason: 'replaced in Q1',
          owner: 'team-batch',
          approvedBy: 'ciso',
          expiresAt: '2027-01-31T23:59:59.999Z',
        },
      }),
    ]);
  });

  test.for(['PASSED', 'NOT_APPLICABLE', 'UNKNOWN'] as const)('leaves %s as it is', (status) => {
    expect(apply([finding({ status })], [acceptedRisk()]).applied).toEqual([finding({ status })]);
  });

  test('does not touch the failure of another check', () => {
    const findings = [finding({ checkId: 'ecs-task-user-nonroot' })];

    expect(apply(findings, [acceptedRisk()]).applied).toEqual(findings);
  });

  test('an expired waiver hides nothing: the finding is back (AU-8)', () => {
    const expired = acceptedRisk({ expiresAt: '2026-11-22T23:59:59.999Z' });

    expect(apply([finding()], [expired]).applied).toEqual([finding()]);
  });

  test('the first of the file stands on the finding, and each that covers it counts it', () => {
    const broad = acceptedRisk({ id: 'broad', scope: { accounts: ['*'] } });
    const { applied, uses } = apply([finding()], [broad, acceptedRisk()]);

    expect(applied[0]?.waiver?.id).toBe('broad');
    expect(uses.map(({ id, hidden }) => [id, hidden])).toEqual([
      ['broad', 1],
      ['legacy-batch', 1],
    ]);
  });

  test('takes findings one at a time', () => {
    let made = 0;
    const endless = (function* () {
      for (;;) {
        made += 1;
        yield finding();
      }
    })();
    const applied = applyWaivers(endless, new WaiverIndex([acceptedRisk()], NOW, () => undefined));
    applied.next();
    applied.next();

    expect(made).toBe(2);
  });

  test('counts all it hid and keeps the ids of ten', () => {
    const findings = Array.from({ length: 1000 }, (_, index) => finding({ id: `f${index}` }));
    const [use] = apply(findings, [acceptedRisk()]).uses;

    expect(use).toMatchObject({ hidden: 1000, state: 'active' });
    expect(use?.findingIds).toHaveLength(10);
  });

  test('a baseline of ten thousand resources is looked up, not searched', () => {
    const uids = Array.from({ length: 10_000 }, (_, index) => `uid-${index}`);
    const waivers = uids.map((uid) => acceptedRisk({ id: uid, scope: { resource: [uid] } }));
    const findings = uids.map((uid) => finding({ id: uid, resource: taskDefinitionReference({ uid }) }));

    const { applied } = apply(findings, waivers);

    expect(applied.every(({ id, waiver }) => waiver?.id === id)).toBe(true);
  });

  test('asks resources for their tags, and only where a waiver does', () => {
    const reference = taskDefinitionReference();
    const resource = { ...reference, inUse: 'yes', tags: { known: true, value: { env: 'dev' } } };
    const tagged = acceptedRisk({ scope: { tags: { env: 'dev' } } });

    expect(tagLookup([resource] as never, [tagged])(reference)).toEqual(resource.tags);
    expect(tagLookup([resource] as never, [acceptedRisk()])(reference)).toBeUndefined();
  });
});

describe('the state of a waiver', () => {
  test('is active where it hides something and does not end soon', () => {
    expect(stateOf(acceptedRisk(), [finding()])).toBe('active');
  });

  test('is expiring in its last 14 days', () => {
    expect(stateOf(acceptedRisk({ expiresAt: '2026-12-01T23:59:59.999Z' }), [finding()])).toBe('expiring');
  });

  test('is expired afterwards', () => {
    expect(stateOf(acceptedRisk({ expiresAt: '2026-11-01T23:59:59.999Z' }), [finding()])).toBe('expired');
  });

  test('is unmatched where all it covers was looked at and nothing of it fails', () => {
    expect(stateOf(acceptedRisk(), [other, finding({ status: 'PASSED' })])).toBe('unmatched');
  });

  test('is not unmatched where a verdict is unknown', () => {
    expect(stateOf(acceptedRisk(), [finding({ status: 'UNKNOWN' })])).toBe('active');
  });

  test.for<[string, Partial<Waiver>, Partial<LookedAt>]>([
    ['a check of it was not evaluated', { checks: ['ecs-task-user-nonroot', 'ecs-service-no-public-ip'] }, {}],
    ['the scope was read with gaps', {}, { coverage: [coverageEntry({ status: 'partial' })] }],
    ['the scope was excluded', {}, { coverage: [coverageEntry({ status: 'excluded' })] }],
    ['only another service was read', {}, { coverage: [coverageEntry({ service: 'ecr' })] }],
    ['its account was not scanned', { scope: { accounts: ['444455556666'] } }, {}],
    ['one of its regions was not scanned', { scope: { regions: ['us-east-1', 'eu-west-1'] } }, {}],
    ['its ARN lies in another region', { scope: { resource: ['arn:aws:ecs:eu-west-1:111122223333:cluster/x'] } }, {}],
  ])('is not unmatched where %s', ([, waiver, lookedAt]) => {
    expect(stateOf(acceptedRisk(waiver), [], { ...lookedAtAll, ...lookedAt })).toBe('active');
  });

  test('a gap somewhere else does not keep it from being unmatched', () => {
    const coverage = [coverageEntry(), coverageEntry({ region: 'eu-west-1', status: 'failed' })];

    expect(stateOf(acceptedRisk(), [], { ...lookedAtAll, coverage })).toBe('unmatched');
  });

  test('is malformed where the file is wrong, with the reasons', () => {
    const ignored = [{ id: 'waivers[1]', problems: ['waivers.yaml, line 9: owner is missing.'] }];

    expect(waiverUses({ waivers: [], ignored }, new WaiverTally(), lookedAtAll, NOW)).toEqual([
      { id: 'waivers[1]', state: 'malformed', hidden: 0, problems: ['waivers.yaml, line 9: owner is missing.'] },
    ]);
  });
});
