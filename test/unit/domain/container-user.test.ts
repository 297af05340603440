import { describe, expect, test } from 'vitest';
import { parseContainerUser } from '#shared/domain/container-user.ts';

describe('T02: the six forms of a user', () => {
  test.for([
    ['app', { user: 'app', isRoot: false, isRootGroup: false, isNamed: true }],
    ['app:web', { user: 'app', group: 'web', isRoot: false, isRootGroup: false, isNamed: true }],
    ['1000', { user: '1000', isRoot: false, isRootGroup: false, isNamed: false }],
    ['1000:1000', { user: '1000', group: '1000', isRoot: false, isRootGroup: false, isNamed: false }],
    ['app:0', { user: 'app', group: '0', isRoot: false, isRootGroup: true, isNamed: true }],
    ['0:root', { user: '0', group: 'root', isRoot: true, isRootGroup: true, isNamed: false }],
  ] as const)('%s', ([text, expected]) => {
    expect(parseContainerUser(text)).toEqual(expected);
  });
});

test.for(['root', '0', '00', '+0', 'root:app', '0:1000', ':1000'])('%s is root', (text) => {
  expect(parseContainerUser(text)?.isRoot).toBe(true);
});

test.for(['Root', 'rootless', '10', '1000:0', 'groot'])('%s is not root', (text) => {
  expect(parseContainerUser(text)?.isRoot).toBe(false);
});

test.for([undefined, '', ' '])('%j sets no user', (text) => {
  expect(parseContainerUser(text)).toBeUndefined();
});
