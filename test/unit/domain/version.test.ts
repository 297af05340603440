import { expect, test } from 'vitest';
import { compareVersions, versionNumbers } from '#shared/domain/version.ts';

test.for([
  ['1.9', '1.30', 'older (T42, D8: numbers, not text or decimals)'],
  ['1.28', '1.28.1', 'older'],
  ['v1.18.5-eksbuild.1', 'v1.19.0-eksbuild.1', 'older'],
  ['1.30', '1.9', 'newer'],
  ['2', '1.99.99', 'newer'],
  ['1.30', '1.30.0', 'equal'],
  ['v1.30.2-eks-1de2ab1', '1.30.2', 'equal'],
] as const)('%s is, against %s, %s', ([left, right, expected]) => {
  const sign = Math.sign(compareVersions(left, right) as number);
  expect(['older', 'equal', 'newer'][sign + 1]).toBe(expected.split(' ')[0]);
});

test.for([['LATEST'], [''], ['1..2'], ['1.'], ['1.2.']])('%j is no version', ([text]) => {
  expect(versionNumbers(text as string)).toBeUndefined();
  expect(compareVersions(text as string, '1.2')).toBeUndefined();
  expect(compareVersions('1.2', text as string)).toBeUndefined();
});
