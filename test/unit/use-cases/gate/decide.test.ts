import { describe, expect, test } from 'vitest';
import { gateSchema } from '#shared/config/gate-schema.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { GateImage, GateLook, GatePolicy, Vulnerability } from '#shared/domain/gate.ts';
import { known, unknown } from '#shared/domain/observed.ts';
import { decide } from '#shared/use-cases/gate/decide.ts';

const NOW = new Date('2026-11-23T12:00:00.000Z');
const NAME = '111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/api:1.4.2';
const resource = {
  uid: 'arn:aws:ecr:us-east-1:111122223333:repository/shop/api',
  type: 'AwsEcrContainerImage',
  name: 'shop/api',
  accountId: '111122223333',
  region: 'us-east-1',
  partition: 'aws',
};
const denied = unknown({
  kind: 'unreadable',
  cause: 'denied',
  operation: 'ecr:DescribeImageScanFindings',
  message: 'The reading role may not call ecr:DescribeImageScanFindings.',
});

/** An image against which nothing speaks. */
function image(changed: Partial<GateImage> = {}, look: Partial<GateLook> = {}): GateLook {
  const scanned = { scanStatus: known('COMPLETE'), vulnerabilities: known([]), signed: known(true), ...changed };
  return { kind: 'image', name: NAME, resource, findings: [], images: [scanned], notLooked: [], unread: [], ...look };
}

function vulnerable(...vulnerabilities: readonly Partial<Vulnerability>[]): GateLook {
  const one = { id: 'CVE-2026-1', severity: 'CRITICAL', fix: true, exploit: false };
  return image({ vulnerabilities: known(vulnerabilities.map((changed) => ({ ...one, ...changed }))) });
}

function withFinding(changed: Partial<Finding>): GateLook {
  const finding: Finding = {
    id: 'hullcheck/1',
    checkId: 'image-no-secrets-in-config',
    status: 'FAILED',
    severity: 'CRITICAL',
    resource,
    inUse: 'yes',
    reason: 'a secret stands in plain text',
    evidence: [],
    ...changed,
  };
  return image({}, { findings: [finding] });
}

function answer(look: GateLook | readonly GateLook[], policy: object = {}, waitingSince = NOW, waived: string[] = []) {
  const waiver = {
    id: 'w-1',
    reason: 'known',
    owner: 'shop',
    approvedBy: 'security',
    expiresAt: '2026-12-01T00:00:00Z',
  };
  return decide([look].flat() as readonly GateLook[], gateSchema.parse(policy) as GatePolicy, {
    now: NOW,
    waitingSince,
    waiverOf: ({ checkId }) => (waived.includes(checkId) ? waiver : undefined),
  });
}

describe('an image against which nothing speaks', () => {
  test('is allowed, by name', () => {
    expect(answer(image())).toMatchObject({ decision: 'allow', says: `Allowed: nothing speaks against ${NAME}.` });
  });
});

describe('vulnerabilities', () => {
  test('critical ones with a fix deny in one sentence', () => {
    expect(answer(vulnerable({}, { id: 'CVE-2026-2' }))).toMatchObject({
      decision: 'deny',
      says: `Denied: ${NAME} has 2 CRITICAL vulnerabilities with a fix (CVE-2026-1, CVE-2026-2).`,
    });
  });

  test('those without a fix do not, unless the policy asks for any', () => {
    expect(answer(vulnerable({ fix: false })).decision).toBe('allow');
    expect(answer(vulnerable({ fix: false }), { vulnerabilities: [{ severity: 'CRITICAL' }] }).decision).toBe('deny');
  });

  test('of which a basic scan does not say whether there is a fix deny, and the sentence says so', () => {
    expect(answer(vulnerable({ fix: undefined })).says).toContain('whose fixes the scan does not tell');
  });

  test.for([
    ['CRITICAL', 'deny'],
    ['HIGH', 'deny'],
    ['MEDIUM', 'allow'],
  ] as const)('%s ones, where the policy begins at HIGH: %s', ([severity, decision]) => {
    expect(answer(vulnerable({ severity }), { vulnerabilities: [{ severity: 'HIGH' }] }).decision).toBe(decision);
  });

  test('high ones deny by default only with a known exploit', () => {
    expect(answer(vulnerable({ severity: 'HIGH' })).decision).toBe('allow');
    expect(answer(vulnerable({ severity: 'HIGH', exploit: undefined })).decision).toBe('allow');
    expect(answer(vulnerable({ severity: 'HIGH', exploit: true })).says).toContain('with a fix and a known exploit');
  });

  test.for([
    ['2026-11-17T12:00:00.000Z', 'allow'],
    ['2026-11-16T12:00:00.000Z', 'deny'],
    [undefined, 'deny'],
  ] as const)('public since %s, with a grace of seven days: %s', ([since, decision]) => {
    const policy = { vulnerabilities: [{ severity: 'CRITICAL', olderThanDays: 7 }] };

    expect(answer(vulnerable(since === undefined ? {} : { since }), policy).decision).toBe(decision);
  });

  test('T36: that nobody has rated yet are said, where a clause would mean them with a rating', () => {
    expect(answer(vulnerable({ severity: 'UNTRIAGED' }))).toMatchObject({
      decision: 'allow',
      remarks: [`${NAME} has 1 vulnerability without a severity, about which no clause decides (CVE-2026-1).`],
    });
    expect(answer(vulnerable({ severity: 'UNTRIAGED', fix: false })).remarks).toEqual([]);
  });

  test('T36: that nobody has rated yet deny where their exploit is known, or the policy asks for all', () => {
    const all = { vulnerabilities: [{ severity: 'INFORMATIONAL' }] };

    expect(answer(vulnerable({ severity: 'UNTRIAGED', exploit: true })).says).toBe(
      `Denied: ${NAME} has 1 HIGH vulnerability with a fix and a known exploit (CVE-2026-1, UNTRIAGED).`,
    );
    expect(answer(vulnerable({ severity: 'UNDEFINED' }), all).decision).toBe('deny');
  });

  test('of each platform of an index count (T18)', () => {
    const [worst] = vulnerable({}).images;
    const both = image({}, { images: [...image().images, ...(worst === undefined ? [] : [worst])] });

    expect(answer(both).decision).toBe('deny');
  });
});

describe('scans', () => {
  test.for([
    [null, 'was never scanned'],
    ['FAILED', 'has no usable scan (FAILED)'],
    ['UNSUPPORTED_IMAGE', 'has no usable scan (UNSUPPORTED_IMAGE)'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'is no longer monitored for vulnerabilities'],
  ] as const)('%s is no scan to go by (T24, T25)', ([status, words]) => {
    const look = image({ scanStatus: known(status) });

    expect(answer(look).says).toBe(`Denied: ${NAME} ${words}.`);
    expect(answer(look, { unscanned: 'allow' }).decision).toBe('allow');
  });

  test('what runs continuously is a scan to go by (T24)', () => {
    expect(answer(image({ scanStatus: known('ACTIVE') })).decision).toBe('allow');
  });

  test('that are under way are waited for, at most as long as the policy says', () => {
    const look = image({ scanStatus: known('IN_PROGRESS') });

    expect(answer(look)).toMatchObject({ decision: 'wait', pending: [NAME] });
    expect(answer(look, {}, new Date('2026-11-23T11:50:00.000Z')).says).toContain('is still being scanned');
    expect(answer(look, { waitForScanMinutes: 0 }).decision).toBe('deny');
  });

  test('that have not begun are waited for only where the image was just pushed', () => {
    const never = { scanStatus: known(null) };

    expect(answer(image(never, { pushedAt: '2026-11-23T11:55:00.000Z' })).decision).toBe('wait');
    expect(answer(image(never, { pushedAt: '2026-11-20T11:55:00.000Z' })).decision).toBe('deny');
  });

  test('that are older than the check image-scanned lets them be are none to go by', () => {
    const reason = 'the last scan of an image is out of date';
    const look = withFinding({ checkId: 'image-scanned', severity: 'MEDIUM', reason });

    expect(answer(look).says).toBe(`Denied: ${NAME} has no usable scan: ${reason}.`);
    expect(answer(look, { unscanned: 'allow' }).decision).toBe('allow');
  });

  test('that have not begun are not called missing while they are waited for', () => {
    const finding = withFinding({ checkId: 'image-scanned', reason: 'an image was never scanned' }).findings;
    const look = image({ scanStatus: known(null) }, { findings: finding, pushedAt: '2026-11-23T11:55:00.000Z' });

    expect(answer(look).decision).toBe('wait');
  });

  test('are not waited for where something denies anyway', () => {
    expect(answer([image({ scanStatus: known('PENDING') }), vulnerable({})]).decision).toBe('deny');
  });
});

describe('signatures and names', () => {
  test('an unsigned image denies only where the policy says so', () => {
    const look = image({ signed: known(false) });

    expect(answer(look).decision).toBe('allow');
    expect(answer(look, { unsigned: 'deny' }).says).toBe(`Denied: ${NAME} is not signed.`);
  });

  test('a signature that could not be looked for is no signature and no lack of one', () => {
    expect(answer(image({ signed: denied }), { unsigned: 'deny' })).toMatchObject({
      decision: 'deny',
      objections: [],
      notLooked: [expect.stringContaining('may not call')],
    });
  });

  test.for([
    ['shop/api', 'deny'],
    ['shop/api:latest', 'deny'],
    ['shop/api:1.4.2', 'allow'],
    [`shop/api:latest@sha256:${'a'.repeat(64)}`, 'allow'],
  ] as const)('the name %s, where images must be pinned: %s', ([name, decision]) => {
    expect(answer(image({}, { name }), { unpinned: 'deny' }).decision).toBe(decision);
    expect(answer(image({}, { name })).decision).toBe('allow');
  });
});

describe('checks', () => {
  test('deny from the severity of the policy on', () => {
    expect(answer(withFinding({})).says).toContain('fails image-no-secrets-in-config (CRITICAL)');
    expect(answer(withFinding({ severity: 'HIGH' })).decision).toBe('allow');
    expect(answer(withFinding({ severity: 'HIGH' }), { denyFrom: 'HIGH' }).decision).toBe('deny');
    expect(answer(withFinding({}), { denyFrom: 'NEVER' }).decision).toBe('allow');
  });

  test('have a threshold of their own where the policy names them', () => {
    const checks = [{ ids: ['image-no-*'], denyFrom: 'NEVER' }];

    expect(answer(withFinding({}), { checks }).decision).toBe('allow');
    expect(answer(withFinding({ checkId: 'ecs-task-not-privileged' }), { checks }).decision).toBe('deny');
  });

  test.for([
    ['image-no-high-vulnerabilities', 'gate.vulnerabilities'],
    ['image-scanned', 'gate.unscanned'],
    ['ecs-task-image-pinned', 'gate.unpinned'],
  ] as const)('a threshold for %s is refused: %s decides', ([id, clause]) => {
    const parsed = gateSchema.safeParse({ checks: [{ ids: [id], denyFrom: 'LOW' }] });

    expect(parsed.error?.issues).toMatchObject([{ message: `${id} is decided by ${clause} and by no severity` }]);
  });

  test('that clauses decide about deny by no severity', () => {
    expect(answer(withFinding({ checkId: 'image-no-critical-vulnerabilities' })).decision).toBe('allow');
  });

  test('that could not be decided are a remark, and those that could not be read are not looked at', () => {
    const undecided = { status: 'UNKNOWN', unknown: { kind: 'undecidable', message: 'Nobody knows.' } } as const;
    const unread = { status: 'UNKNOWN', unknown: denied.reason } as const;

    expect(answer(withFinding(undecided))).toMatchObject({ decision: 'allow', remarks: [expect.anything()] });
    expect(answer(withFinding(unread))).toMatchObject({ decision: 'deny', notLooked: [expect.anything()] });
  });

  test('that nobody could decide because an image was not looked into were not looked at', () => {
    const message = 'The repository does not have the configuration of the image any more.';
    const undecided = { status: 'UNKNOWN', unknown: { kind: 'undecidable', message } } as const;
    const look = { ...withFinding(undecided), unread: [message] };

    expect(answer(look)).toMatchObject({ decision: 'deny', objections: [], notLooked: [`${NAME}: ${message}`] });
    expect(answer(look, { denyFrom: 'NEVER' }).decision).toBe('allow');
  });

  test('that broke were not looked at', () => {
    const message = 'internal error: check image-no-secrets-in-config threw TypeError; please report it.';
    const broken = { status: 'UNKNOWN', reason: message, unknown: { kind: 'undecidable', message } } as const;

    expect(answer(withFinding(broken))).toMatchObject({ decision: 'deny', objections: [] });
  });
});

describe('waivers', () => {
  test('accept what they cover, and the sentence names them', () => {
    expect(answer(vulnerable({}), {}, NOW, ['image-no-critical-vulnerabilities'])).toMatchObject({
      decision: 'allow',
      says: `Allowed: nothing speaks against ${NAME}; 1 objection waived (w-1).`,
      objections: [],
      waived: [{ checkId: 'image-no-critical-vulnerabilities', waiver: { id: 'w-1' } }],
    });
  });

  test('leave the rest as it is', () => {
    expect(answer(vulnerable({}), {}, NOW, ['image-scanned']).decision).toBe('deny');
  });
});

describe('what could not be looked at', () => {
  const unseen = image({ scanStatus: denied, vulnerabilities: denied });

  test('denies when the policy is fail-closed, and is said', () => {
    expect(answer(unseen)).toMatchObject({
      decision: 'deny',
      objections: [],
      says: expect.stringMatching(/^Denied because the gate could not look and is fail-closed .*may not call/),
    });
  });

  test('is allowed when the policy is fail-open, and is said', () => {
    expect(answer(unseen, { whenNotLooked: 'allow' }).says).toMatch(
      /^Allowed although the gate could not look, as it is fail-open .*may not call/,
    );
  });

  test('does not hide what is proven to be wrong', () => {
    const { decision, objections, says } = answer([unseen, vulnerable({})], { whenNotLooked: 'allow' });

    expect(decision).toBe('deny');
    expect(objections).toHaveLength(1);
    expect(says).toContain('The gate could not look at everything');
  });

  test('because the policy leaves it out is a remark', () => {
    const excepted = image({}, { images: [], excepted: true });

    expect(answer(excepted)).toMatchObject({ decision: 'allow', remarks: [expect.stringContaining('exceptImages')] });
  });
});
