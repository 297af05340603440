import { expect, test } from 'vitest';
import { workloadImagePinned as check } from '#shared/checks/workload/workload-image-pinned.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.for(['shop:v1.2.3', 'shop:1.2', `shop@${DIGEST}`, `shop:latest@${DIGEST}`])('PASSED for %s', (image) => {
  expect(judge(check, workloadWith({ image })).status).toBe('PASSED');
});

test.for([
  ['shop', 'the image has no tag, which means latest'],
  ['shop:latest', 'the tag is floating'],
  ['localhost:5000/shop', 'the image has no tag, which means latest'],
])('FAILED for %s', ([image = '', reason]) => {
  expect(judge(check, workloadWith({ image }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason,
    evidence: [{ path: 'spec.containers[0].image', observed: image }],
  });
});

test('FAILED for a version tag where the parameter asks for digests', () => {
  expect(judge(check, workloadWith({ image: 'shop:v1.2.3' }), { parameters: { requireDigest: true } })).toMatchObject({
    status: 'FAILED',
    reason: 'the image is not pinned to a digest',
  });
});

test('UNKNOWN for a container without an image, or with what is none', () => {
  const { image: _, ...imageless } = podContainer();

  expect(judge(check, workloadOf({ containers: [imageless] })).status).toBe('UNKNOWN');
  expect(judge(check, workloadWith({ image: '${IMAGE}' })).status).toBe('UNKNOWN');
});
