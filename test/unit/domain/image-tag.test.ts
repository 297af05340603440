import { expect, test } from 'vitest';
import { isFloatingTag } from '#shared/domain/image-tag.ts';

test.for([
  'latest',
  'LATEST',
  'stable',
  'main',
  'nightly',
  'prod',
  'lts',
  'lts-alpine',
  'alpine',
  'slim',
  'bookworm-slim',
  '20',
  'v3',
  '3.x',
  '20-alpine',
  '20-alpine3.20',
  '17-jre-jammy',
  'ltsc2022',
  'alpine3.20',
  'feature-login',
  '1.2-latest',
  '1.2.3-SNAPSHOT',
])('%s is floating', (tag) => {
  expect(isFloatingTag(tag)).toBe(true);
});

test.for([
  '1.2',
  'v1.2.3',
  '1.2.3-alpine3.20',
  'release-1.4.0',
  '2.387.1-lts',
  '8u392',
  '1234',
  'build-42',
  'b42',
  '2026-11-23',
  '20261123T1200Z',
  'bookworm-20261101',
  'main-3f2a9c1',
  'sha-deadbee',
  '9c1d32d4f1e0a7b2c3d4e5f60718293a4b5c6d7e',
  'nightly-20261123',
  '01jd3zk8q4x7',
])('%s names one release', (tag) => {
  expect(isFloatingTag(tag)).toBe(false);
});
