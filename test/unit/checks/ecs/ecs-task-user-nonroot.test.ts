import { expect, test } from 'vitest';
import { ecsTaskUserNonroot as check } from '#shared/checks/ecs/ecs-task-user-nonroot.ts';
import { known } from '#shared/domain/observed.ts';
import {
  container,
  familyWith,
  revision,
  taskDefinitionFamily,
  undescribedFamily,
  windowsFamilyWith,
  without,
} from '#test/factories/ecs.ts';
import { imageUser } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const withoutUser = taskDefinitionFamily(revision({ containers: [without(container(), 'user')] }));

test.for(['1000', '1000:1000', '1000:app', '10001'])('PASSED for the user %s', (user) => {
  expect(judge(check, familyWith({ user }))).toMatchObject({ status: 'PASSED', reason: '' });
});

test.for(['app', 'app:app', 'app:1000'])('T02: PASSED for the name %s, and says that it was not resolved', (user) => {
  expect(judge(check, familyWith({ user }))).toMatchObject({
    status: 'PASSED',
    reason: 'the user name was not resolved to a number',
    evidence: [{ path: 'containerDefinitions[app].user', observed: user }],
  });
});

test('T02: the group of root is no root user, and stands in the evidence', () => {
  expect(judge(check, familyWith({ user: '1000:0' }))).toMatchObject({
    status: 'PASSED',
    reason: "the group is root's",
    evidence: [{ observed: '1000:0' }],
  });
});

test.for(['root', '0', '0:0', 'root:root', '0:1000', 'root:app', '00', ':1000'])(
  'D12, T02: FAILED for the user %s',
  (user) => {
    expect(judge(check, familyWith({ user }))).toMatchObject({
      status: 'FAILED',
      severity: 'HIGH',
      reason: 'the user is root',
      evidence: [{ path: 'containerDefinitions[app].user', observed: user, expected: 'a user other than root' }],
    });
  },
);

test.for([
  ['absent', withoutUser, null],
  ['empty', familyWith({ user: '' }), ''],
] as const)('T01: FAILED when the user is %s, without claiming that root runs', ([, family, observed]) => {
  const finding = judge(check, family);

  expect(finding).toMatchObject({ status: 'FAILED', reason: 'no user is set' });
  expect(finding.evidence).toEqual([
    { path: 'containerDefinitions[app].user', observed, expected: 'a user other than root' },
    { path: 'containerDefinitions[app].effectiveUser', observed: 'unknown', expected: 'a user other than root' },
  ]);
});

test("T01: UNKNOWN when the image's user is accepted and not known", () => {
  const finding = judge(check, withoutUser, { parameters: { acceptImageUser: true } });

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { kind: 'undecidable' } });
});

test("root is root even where the image's user is accepted", () => {
  expect(judge(check, familyWith({ user: '0' }), { parameters: { acceptImageUser: true } }).status).toBe('FAILED');
});

test('T12: no name exempts a container', () => {
  const family = familyWith({ name: 'log_router', user: '0', firelensType: 'fluentbit' });

  expect(judge(check, family).status).toBe('FAILED');
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, windowsFamilyWith({ user: 'root' })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});

const IMAGE = container().image;

test("T01: the image's user stands in the evidence, and is no excuse by itself", () => {
  const finding = judge(check, withoutUser, { facts: [imageUser({ key: IMAGE, user: known('appuser') })] });

  expect(finding).toMatchObject({ status: 'FAILED', reason: 'no user is set' });
  expect(finding.evidence[1]).toMatchObject({
    path: 'containerDefinitions[app].effectiveUser',
    observed: 'appuser',
  });
});

test.for([
  ['1000:1000', 'PASSED'],
  ['appuser', 'PASSED'],
  ['root', 'FAILED'],
  [null, 'FAILED'],
] as const)("T01: where the image's user is accepted, %s is %s", ([user, status]) => {
  const facts = [imageUser({ key: IMAGE, user: known(user) })];

  expect(judge(check, withoutUser, { facts, parameters: { acceptImageUser: true } }).status).toBe(status);
});

test('T01: of several images under one name the one that starts as root decides', () => {
  const facts = [
    imageUser({ key: IMAGE, user: known('1000') }),
    imageUser({ key: IMAGE, digest: `sha256:${'9'.repeat(64)}`, user: known('0') }),
  ];

  expect(judge(check, withoutUser, { facts, parameters: { acceptImageUser: true } }).status).toBe('FAILED');
});

test('T01: an image that could not be read is unknown, and never root', () => {
  const facts = [imageUser({ key: IMAGE, user: denied('ecr:BatchGetImage') })];
  const finding = judge(check, withoutUser, { facts, parameters: { acceptImageUser: true } });

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecr:BatchGetImage' } });
  expect(finding.evidence[1]).toMatchObject({ observed: 'unknown' });
});
