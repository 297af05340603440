import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { known, unknown } from '#shared/domain/observed.ts';
import type { ResourceReference } from '#shared/domain/resource.ts';
import { isExpired, isExpiring, scopeCovers, type TagLookup, type WaiverScope } from '#shared/domain/waiver.ts';
import { taskDefinitionReference } from '#test/factories/finding.ts';

const UID = 'arn:aws:ecs:us-east-1:111122223333:task-definition/secure-app';
const untagged: TagLookup = () => known({});

function covers(scope: WaiverScope, resource: Partial<ResourceReference> = {}, tagsOf: TagLookup = untagged): boolean {
  return scopeCovers(scope, taskDefinitionReference(resource), tagsOf);
}

// Golden: what a pattern means must not change within a major version (AU-9, PE-15).
describe('the meaning of scope.resource', () => {
  test.for([
    ['the exact uid', UID, true],
    ['the ARN of the revision, as Security Hub shows it', `${UID}:7`, true],
    ['the ARN of another revision', `${UID}:8`, false],
    ['a part of the uid', 'task-definition/secure-app', false],
    ['the name', 'secure-app', false],
    ['a beginning', 'arn:aws:ecs:us-east-1:111122223333:task-definition/secure', false],
    ['the uid in other letters', UID.toUpperCase(), false],
    ['a glob at the end', 'arn:aws:ecs:us-east-1:111122223333:task-definition/*', true],
    ['a glob in the middle, over colons', 'arn:aws:ecs:*/secure-app', true],
    ['a glob at the beginning', '*/secure-app', true],
    ['a glob on both sides', '*definition*', true],
    ['a glob that leaves the end open to nothing', `${UID}*`, true],
    ['a glob of another name', '*/insecure-app', false],
    ['a glob that is only a beginning', '*/secure', false],
    ['everything', '*', true],
    ['a question mark, which is no wildcard', UID.replace('secure', 'secur?'), false],
    ['a regular expression, which is no pattern', '.+', false],
    ['brackets, which are no pattern', UID.replace('secure', 'secur[e]'), false],
  ] as const)('%s: %s is %s', ([, pattern, expected]) => {
    expect(covers({ resource: [pattern] })).toBe(expected);
  });

  test('any uid, pasted as it is, matches itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (uid) => {
        expect(covers({ resource: [uid] }, { uid })).toBe(true);
      }),
    );
  });
});

describe('a scope', () => {
  test.for([
    ['an account', { accounts: ['111122223333'] }, true],
    ['another account', { accounts: ['444455556666'] }, false],
    ['one of two accounts', { accounts: ['444455556666', '111122223333'] }, true],
    ['a part of an account id', { accounts: ['11112222'] }, false],
    ['a region', { regions: ['us-east-1'] }, true],
    ['regions by glob', { regions: ['us-*'] }, true],
    ['a region with the same beginning', { regions: ['us-east-10'] }, false],
    ['the cluster', { cluster: ['shop'] }, true],
    ['the namespace', { namespace: ['payments'] }, true],
    ['another namespace in the same cluster', { cluster: ['shop'], namespace: ['pay'] }, false],
    ['the right account in the wrong region', { accounts: ['111122223333'], regions: ['eu-west-1'] }, false],
  ] as const)('of %s', ([, scope, expected]) => {
    expect(covers(scope, { cluster: 'shop', namespace: 'payments' })).toBe(expected);
  });

  test('with a cluster does not cover what lies in none', () => {
    expect(covers({ cluster: ['*'] })).toBe(false);
  });

  test.for([
    ['the value', { team: 'batch' }, true],
    ['a glob of the value', { team: 'b*' }, true],
    ['a key with any value', { team: '*' }, true],
    ['all keys', { team: 'batch', env: 'dev' }, true],
    ['a part of the value', { team: 'bat' }, false],
    ['one key of two', { team: 'batch', stage: 'dev' }, false],
    ['a key that every object has', { constructor: '*' }, false],
  ] as const)('with tags matches %s: %s is %s', ([, tags, expected]) => {
    expect(covers({ tags }, {}, () => known({ team: 'batch', env: 'dev' }))).toBe(expected);
  });

  test('with tags covers nothing whose tags could not be read', () => {
    const denied = unknown({ kind: 'undecidable', message: 'the tags could not be read' });

    expect(covers({ tags: { team: '*' } }, {}, () => denied)).toBe(false);
    expect(covers({ tags: { team: '*' } }, {}, () => undefined)).toBe(false);
  });
});

test.for([
  ['2026-11-22T23:59:59.999Z', true, false],
  ['2026-11-23T12:00:00.000Z', false, true],
  ['2026-12-07T12:00:00.000Z', false, true],
  ['2026-12-07T12:00:00.001Z', false, false],
] as const)('a waiver that ends at %s is expired: %s, expiring: %s', ([expiresAt, expired, expiring]) => {
  const now = new Date('2026-11-23T12:00:00.000Z');

  expect([isExpired({ expiresAt }, now), isExpiring({ expiresAt }, now)]).toEqual([expired, expiring]);
});
