import { expect, test } from 'vitest';
import { homeRegionFor } from '#shared/aws/accounts.ts';
import { REGION_NAME } from '#shared/domain/region.ts';

test.for([
  ['eu-west-1', 'us-east-1'],
  ['us-gov-east-1', 'us-gov-west-1'],
  ['cn-northwest-1', 'cn-north-1'],
  ['eusc-de-east-1', 'eusc-de-east-1'],
] as const)('%s is a region, whose partition answers in %s', ([region, home]) => {
  expect(region).toMatch(REGION_NAME);
  expect(homeRegionFor(region)).toBe(home);
});

test.for(['mars', 'eu-west', 'EU-WEST-1', 'eu-west-1a', ' eu-west-1'])('"%s" is no region', (name) => {
  expect(name).not.toMatch(REGION_NAME);
});
