import { expect, test } from 'vitest';
import { ecsTaskImageTrustedRegistry as check } from '#shared/checks/ecs/ecs-task-image-trusted-registry.ts';
import { familyWith, taskDefinitionFamily, undescribedFamily } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

const OTHER_ACCOUNT = '444455556666';
const foreign = familyWith({ image: `${OTHER_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/shared/base:v1.0.0` });

test("PASSED for the account's own ECR", () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test.for(['nginx:1.27', 'ghcr.io/acme/app:v1.0.0', 'public.ecr.aws/docker/library/nginx:1.27'])(
  'FAILED for %s',
  (image) => {
    const finding = judge(check, familyWith({ image }));

    expect(finding).toMatchObject({
      status: 'FAILED',
      severity: 'MEDIUM',
      reason: 'the image does not come from a trusted registry',
    });
    expect(finding.evidence[0]).toMatchObject({ path: 'containerDefinitions[app].image' });
  },
);

test('the evidence does not change with the tag', () => {
  const judged = (tag: string) => judge(check, familyWith({ image: `nginx:${tag}` }));

  expect(judged('1.27').evidence).toEqual([
    { path: 'containerDefinitions[app].image', observed: 'docker.io/library/nginx', expected: 'a trusted registry' },
  ]);
  expect(judged('1.28')).toEqual(judged('1.27'));
});

test("lowered for another account's ECR while nobody said which accounts belong together", () => {
  expect(judge(check, foreign)).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    severityReason: 'the other account may belong to the same organization',
  });
});

test('trustedAccounts decides about the ECR of other accounts', () => {
  expect(judge(check, foreign, { parameters: { trustedAccounts: [OTHER_ACCOUNT] } }).status).toBe('PASSED');
  expect(judge(check, foreign, { parameters: { trustedAccounts: ['777788889999'] } })).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
  });
});

test('trustedRegistries adds repositories by pattern', () => {
  const parameters = { trustedRegistries: ['ghcr.io/acme/*', 'docker.io/library/nginx'] };

  expect(judge(check, familyWith({ image: 'ghcr.io/acme/team/app:v1' }), { parameters }).status).toBe('PASSED');
  expect(judge(check, familyWith({ image: 'nginx:1.27' }), { parameters }).status).toBe('PASSED');
  expect(judge(check, familyWith({ image: 'ghcr.io/acme-evil/app:v1' }), { parameters }).status).toBe('FAILED');
});

test.for([
  'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0',
  '906394416424.dkr.ecr.eu-west-1.amazonaws.com/aws-for-fluent-bit:2.32.0',
  'public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300.1',
])('T12: the sidecar image %s of AWS is exempt, and the finding says so', (image) => {
  expect(judge(check, familyWith({ name: 'anything', image }))).toMatchObject({
    status: 'PASSED',
    reason: 'an image that AWS publishes is exempt',
    evidence: [{ expected: expect.stringContaining('exempt: published by AWS') }],
  });
});

test('T12: no container name makes an image trusted', () => {
  const image = 'evil.example/aws-observability/aws-for-fluent-bit:2.32.0';

  expect(judge(check, familyWith({ name: 'log_router', firelensType: 'fluentbit', image })).status).toBe('FAILED');
});

test('UNKNOWN for what is no image name', () => {
  expect(judge(check, familyWith({ image: '<IMAGE NAME>' })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE without containers', () => {
  expect(judge(check, familyWith({}, { containers: [] })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
