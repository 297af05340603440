import { expect, test } from 'vitest';
import { ecrLocationOf, parseImageReference } from '#shared/domain/image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.for([
  ['nginx', { registry: 'docker.io', repository: 'library/nginx' }],
  ['nginx:1.27', { registry: 'docker.io', repository: 'library/nginx', tag: '1.27' }],
  ['bitnami/redis:7', { registry: 'docker.io', repository: 'bitnami/redis', tag: '7' }],
  ['localhost:5000/app', { registry: 'localhost:5000', repository: 'app' }],
  ['localhost:5000/app:v1', { registry: 'localhost:5000', repository: 'app', tag: 'v1' }],
  [
    'public.ecr.aws/docker/library/node:24',
    { registry: 'public.ecr.aws', repository: 'docker/library/node', tag: '24' },
  ],
  [`nginx:1.27@${DIGEST}`, { registry: 'docker.io', repository: 'library/nginx', tag: '1.27', digest: DIGEST }],
  [`ghcr.io/a/b@${DIGEST}`, { registry: 'ghcr.io', repository: 'a/b', digest: DIGEST }],
] as const)('reads %s', ([image, expected]) => {
  expect(parseImageReference(image)).toEqual(expected);
});

test.for(['', '   ', 'a b', '<IMAGE1_NAME> x', '${IMAGE}', 'nginx@sha256:short', 'nginx:bad tag', 'a@b@c'])(
  'refuses %j as no image name',
  (image) => {
    expect(parseImageReference(image)).toBeUndefined();
  },
);

test.for([
  ['111122223333.dkr.ecr.us-east-1.amazonaws.com/team/app:v1', 'us-east-1'],
  ['111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/app:v1', 'cn-north-1'],
  ['111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/app:v1', 'us-gov-west-1'],
  ['111122223333.dkr-ecr.eu-west-1.on.aws/team/app', 'eu-west-1'],
  ['111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu/team/app', 'eusc-de-east-1'],
  ['111122223333.dkr.ecr.eu-west-1.amazonaws.com:443/team/app', 'eu-west-1'],
] as const)('T90: finds the ECR repository of %s', ([image, region]) => {
  const reference = parseImageReference(image);

  expect(reference && ecrLocationOf(reference)).toEqual({ accountId: '111122223333', region, repository: 'team/app' });
});

test('an ECR-looking name in another registry is no ECR repository', () => {
  const reference = parseImageReference('111122223333.dkr.ecr.us-east-1.amazonaws.com.evil.example/team/app');

  expect(reference && ecrLocationOf(reference)).toBeUndefined();
});
