import { expect, test } from 'vitest';
import { ecsServiceImagesResolved as check } from '#shared/checks/ecs/ecs-service-images-resolved.ts';
import { known } from '#shared/domain/observed.ts';
import { container, revision } from '#test/factories/ecs.ts';
import { DIGEST, ecsService, serviceRevision } from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const withContainer = (overrides: Parameters<typeof container>[0], more = {}) =>
  ecsService({ taskDefinition: known(revision({ containers: [container(overrides)] })), ...more });

test('PASSED when ECS resolved the tag of every image (enabled is the default)', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
  expect(judge(check, withContainer({ versionConsistency: 'enabled' })).status).toBe('PASSED');
});

test('PASSED when the image is named by digest, even with version consistency off', () => {
  const service = withContainer(
    { image: `repository@${DIGEST}`, versionConsistency: 'disabled' },
    { currentRevision: denied('ecs:DescribeServiceRevisions') },
  );

  expect(judge(check, service).status).toBe('PASSED');
});

test('FAILED when version consistency is off and the image has a tag (T17)', () => {
  expect(judge(check, withContainer({ versionConsistency: 'disabled' }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'an image tag is not resolved to a digest',
    evidence: [{ path: 'containerDefinitions[app].versionConsistency', observed: 'disabled', expected: 'enabled' }],
  });
});

test('UNKNOWN when the digest is empty although version consistency is on: an old agent did not resolve it', () => {
  const unresolved = serviceRevision({ containerImages: [{ containerName: 'app', image: 'repository:v1' }] });

  const finding = judge(check, ecsService({ currentRevision: known(unresolved) }));

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { kind: 'undecidable' } });
});

test('a container that Service Connect or GuardDuty added is not asked for (T11)', () => {
  const images = [
    ...serviceRevision().containerImages,
    { containerName: 'ecs-service-connect-x1', image: 'ecs-service-connect-agent' },
  ];

  expect(
    judge(check, ecsService({ currentRevision: known(serviceRevision({ containerImages: images })) })).status,
  ).toBe('PASSED');
});

test('UNKNOWN when the revision or the task definition could not be read, or the value is new', () => {
  expect(judge(check, ecsService({ currentRevision: denied('ecs:DescribeServiceRevisions') })).status).toBe('UNKNOWN');
  expect(judge(check, ecsService({ taskDefinition: denied('ecs:DescribeTaskDefinition') })).status).toBe('UNKNOWN');
  expect(judge(check, withContainer({ versionConsistency: 'sometimes' })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE with an external deployment controller', () => {
  expect(judge(check, ecsService({ deploymentController: 'EXTERNAL' })).status).toBe('NOT_APPLICABLE');
  expect(judge(check, ecsService({ taskDefinition: known(null) })).status).toBe('NOT_APPLICABLE');
});
