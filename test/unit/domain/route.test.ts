import { describe, expect, test } from 'vitest';
import { asksForUnits, mayTakeFrom, type RouteMatch, routeOf, routingTagKeys } from '#shared/domain/route.ts';
import { finding, taskDefinitionReference } from '#test/factories/finding.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';

const ours = finding({
  resource: taskDefinitionReference({ cluster: 'prod-eu', namespace: 'payments-api' }),
  tags: { team: 'payments' },
});
const taken = (match: RouteMatch, what = ours) => routeOf([{ name: 'ours', match }], what) === 'ours';

describe('OC-8: a route takes a finding', () => {
  test.each<[string, RouteMatch]>([
    ['of its account', { accounts: [ACCOUNT] }],
    ['of its region', { regions: ['mars-1', `${REGION.slice(0, 3)}*`] }],
    ['of its cluster', { clusters: ['prod-*'] }],
    ['of its namespace', { namespaces: ['payments-*'] }],
    ['of what carries its tag', { tags: { team: 'pay*' } }],
    ['of its checks', { checks: ['ecs-task-*'] }],
    ['at its severity', { minimumSeverity: 'HIGH' }],
    ['above its severity', { minimumSeverity: 'LOW' }],
    ['that all it asks for matches', { accounts: [ACCOUNT], namespaces: ['*-api'], tags: { team: '*' } }],
  ])('%s', (_, match) => {
    expect(taken(match)).toBe(true);
  });

  test.each<[string, RouteMatch]>([
    ['of another account', { accounts: ['999999999999'] }],
    ['of a namespace that only contains the pattern', { namespaces: ['payments'] }],
    ['of a cluster in other letters', { clusters: ['PROD-*'] }],
    ['of what carries another value', { tags: { team: 'pay' } }],
    ['of what lacks one of the tags', { tags: { team: 'payments', stage: '*' } }],
    ['below its severity', { minimumSeverity: 'CRITICAL' }],
    ['of another check', { checks: ['ecr-*'] }],
    ['that one of all it asks for does not match', { accounts: [ACCOUNT], namespaces: ['web'] }],
  ])('but not %s', (_, match) => {
    expect(taken(match)).toBe(false);
  });

  test('but not by tags that could not be read, nor by a namespace it has none of', () => {
    const { tags: _, ...unread } = ours;
    expect(taken({ tags: { team: '*' } }, unread)).toBe(false);
    expect(taken({ namespaces: ['*'] }, finding())).toBe(false);
  });
});

test('the first route that matches takes a finding, and the default route takes the rest', () => {
  const routes = [
    { name: 'other', match: { accounts: ['999999999999'] } },
    { name: 'first', match: { accounts: [ACCOUNT] } },
    { name: 'second', match: { namespaces: ['*'] } },
  ];

  expect(routeOf(routes, ours)).toBe('first');
  expect(routeOf(routes.slice(0, 1), ours)).toBe('default');
  expect(routeOf([], ours)).toBe('default');
});

test('what could not be read concerns a route wherever its findings may be', () => {
  const place = { accountId: ACCOUNT, region: REGION };

  expect(mayTakeFrom({ namespaces: ['web'] }, place)).toBe(true);
  expect(mayTakeFrom({ accounts: [ACCOUNT], regions: [REGION] }, place)).toBe(true);
  expect(mayTakeFrom({ accounts: ['999999999999'] }, place)).toBe(false);
  expect(mayTakeFrom({ regions: ['mars-1'] }, place)).toBe(false);
});

test('findings carry the tags that some route asks for, once each', () => {
  const routes = [
    { name: 'a', match: { tags: { team: 'a', stage: '*' } } },
    { name: 'b', match: { tags: { team: 'b' } } },
    { name: 'c', match: { regions: [REGION] } },
  ];
  expect(routingTagKeys(routes)).toEqual(['stage', 'team']);
});

describe('a route by organizational units', () => {
  const unitsOf = (accountId: string) =>
    accountId === ACCOUNT ? ['r-ab12', 'ou-ab12-workloads', 'ou-ab12-payments'] : undefined;
  const isTaken = (organizationalUnits: readonly string[], units = unitsOf) =>
    routeOf([{ name: 'ours', match: { organizationalUnits } }], ours, units) === 'ours';

  test('takes what is in one of them, at whatever depth, and not what is in others', () => {
    expect(isTaken(['ou-ab12-payments'])).toBe(true);
    expect(isTaken(['ou-ab12-other', 'r-ab12'])).toBe(true);
    expect(isTaken(['ou-ab12-other'])).toBe(false);
  });

  test('takes nothing of an account of which nobody knows where it is', () => {
    expect(isTaken(['*'], () => undefined)).toBe(false);
    expect(mayTakeFrom({ organizationalUnits: ['*'] }, { accountId: '999999999999', region: REGION }, unitsOf)).toBe(
      false,
    );
  });

  test('is asked for only where some route needs it', () => {
    expect(asksForUnits([{ name: 'a', match: { regions: [REGION] } }])).toBe(false);
    expect(asksForUnits([{ name: 'a', match: { organizationalUnits: ['r-ab12'] } }])).toBe(true);
  });
});
