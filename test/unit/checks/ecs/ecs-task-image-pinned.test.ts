import { expect, test } from 'vitest';
import { ecsTaskImagePinned as check } from '#shared/checks/ecs/ecs-task-image-pinned.ts';
import { familyWith, undescribedFamily } from '#test/factories/ecs.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { judge } from '#test/support/judge.ts';

const REPOSITORY = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/my-application`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

test.for([`${REPOSITORY}:v1.2.3`, `${REPOSITORY}@${DIGEST}`, `${REPOSITORY}:latest@${DIGEST}`, 'nginx:1.27'])(
  'PASSED for %s',
  (image) => {
    expect(judge(check, familyWith({ image })).status).toBe('PASSED');
  },
);

test.for([
  [REPOSITORY, 'the image has no tag, which means latest'],
  ['localhost:5000/app', 'the image has no tag, which means latest'],
  [`${REPOSITORY}:latest`, 'the tag is floating'],
  [`${REPOSITORY}:main`, 'the tag is floating'],
  ['node:20-alpine3.20', 'the tag is floating'],
])('FAILED for %s', ([image, reason]) => {
  expect(judge(check, familyWith({ image: image as string }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason,
    evidence: [{ path: 'containerDefinitions[app].image', observed: image, expected: 'a version tag or a digest' }],
  });
});

test('requireDigest refuses a version tag, with evidence that no release changes', () => {
  const parameters = { requireDigest: true };
  const judged = (tag: string) => judge(check, familyWith({ image: `${REPOSITORY}:${tag}` }), { parameters });

  expect(judged('v1.2.3')).toMatchObject({ status: 'FAILED', reason: 'the image is not pinned to a digest' });
  expect(judged('v1.2.4')).toEqual(judged('v1.2.3'));
  expect(judge(check, familyWith({ image: `${REPOSITORY}@${DIGEST}` }), { parameters }).status).toBe('PASSED');
});

test.for(['${IMAGE}', '', 'a b'])('UNKNOWN for %j, which is no image name', (image) => {
  expect(judge(check, familyWith({ image }))).toMatchObject({ status: 'UNKNOWN', unknown: { kind: 'undecidable' } });
});

test('NOT_APPLICABLE without containers', () => {
  expect(judge(check, familyWith({}, { containers: [] })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
