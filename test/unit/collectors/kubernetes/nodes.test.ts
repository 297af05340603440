import { describe, expect, test } from 'vitest';
import { NodeIndex, readNode } from '#shared/collectors/kubernetes/nodes.ts';
import type { LikePods } from '#shared/collectors/kubernetes/pod-groups.ts';
import { known, type Observed } from '#shared/domain/observed.ts';
import { denied } from '#test/support/judge.ts';

const nodes = [
  readNode({ metadata: { name: 'ec2', labels: { 'eks.amazonaws.com/nodegroup': 'blue' } } }),
  readNode({ metadata: { name: 'own' } }),
  readNode({ metadata: { name: 'auto', labels: { 'eks.amazonaws.com/compute-type': 'auto' } } }),
  readNode({ metadata: { name: 'win', labels: { 'kubernetes.io/os': 'windows' } } }),
  readNode({ metadata: { name: 'hybrid', labels: { 'eks.amazonaws.com/compute-type': 'hybrid' } } }),
];
const blue = { group: 'blue', managed: true, podsReach: 'none', nodesReach: 'all' } as const;
const own = { group: 'own', managed: false, podsReach: 'all', nodesReach: 'all' } as const;
const onEc2 = { autoMode: false, runsOnEc2: known(true) };
const index = new NodeIndex(known(nodes), known([blue, own]), onEc2);

function pods(name: string): LikePods {
  return { raw: {}, nodes: new Set([name]), labelSets: new Set(), images: new Map() };
}

describe('where pods run', () => {
  test.for([
    ['ec2', 'ec2'],
    ['auto', 'auto'],
    ['hybrid', 'hybrid'],
    ['win', 'windows'],
    ['fargate-ip-10-0-0-1.ec2.internal', 'fargate'],
    ['', 'unscheduled'],
  ] as const)('on %s it is %s', ([name, kind]) => {
    expect(index.runsOn(new Set([name]))).toEqual(known([kind]));
  });

  test('is several kinds, each once, for pods of one workload', () => {
    expect(index.runsOn(new Set(['ec2', 'own', 'auto']))).toEqual(known(['auto', 'ec2']));
  });

  test('is unknown without nodes, but for Fargate, whose nodes have a name of their own', () => {
    const unread = new NodeIndex(denied('kubernetes:list nodes'), known([]), onEc2);

    expect(unread.runsOn(new Set(['ec2'])).known).toBe(false);
    expect(unread.runsOn(new Set(['fargate-ip-10-0-0-1']))).toEqual(known(['fargate']));
  });

  test('is unknown for a node that came after the list', () => {
    expect(index.runsOn(new Set(['ec2', 'new']))).toMatchObject({ reason: { kind: 'undecidable' } });
  });
});

describe('whether pods reach the metadata service (T55)', () => {
  test.for([
    ['ec2', false, false],
    ['ec2', true, true],
    ['own', false, true],
    ['auto', false, false],
    ['auto', true, true],
    ['hybrid', true, false],
    ['fargate-ip-10-0-0-1', false, false],
  ] as const)('on "%s", host network %s: %s', ([name, usesHostNetwork, reaches]) => {
    expect(index.reachesMetadata([pods(name)], () => usesHostNetwork)).toEqual(known(reaches));
  });

  test('one pod that does is enough, whatever the others do', () => {
    const mixed = new NodeIndex(known(nodes), known([{ ...blue, podsReach: 'some' }, own]), onEc2);

    expect(mixed.reachesMetadata([pods('ec2'), pods('own')], () => false)).toEqual(known(true));
    expect(mixed.reachesMetadata([pods('ec2')], () => false)).toMatchObject({ reason: { kind: 'undecidable' } });
  });

  test('is unknown where the instances could not be read', () => {
    const groups = denied('ec2:DescribeInstances');

    expect(new NodeIndex(known(nodes), groups, onEc2).reachesMetadata([pods('ec2')], () => false)).toEqual(groups);
  });

  test('of a template that runs nowhere only nodes that agree decide', () => {
    const one = (groups: readonly (typeof blue | typeof own)[], autoMode = false) =>
      new NodeIndex(known(nodes), known(groups), { ...onEc2, autoMode }).wouldReachMetadata(false);

    expect(one([blue])).toEqual(known(false));
    expect(one([own])).toEqual(known(true));
    expect(one([blue, own])).toMatchObject({ reason: { kind: 'undecidable' } });
    expect(one([], true)).toEqual(known(false));
  });

  test('a pod that waits for a node is as a template', () => {
    const waiting = (groups: readonly (typeof own)[]) =>
      new NodeIndex(known(nodes), known(groups), onEc2).reachesMetadata([pods('')], () => false);

    expect(waiting([own])).toEqual(known(true));
    expect(waiting([])).toMatchObject({ reason: { kind: 'undecidable' } });
  });

  test('is unknown for a pod on a node that came after the list', () => {
    expect(index.reachesMetadata([pods('new')], () => false)).toMatchObject({ reason: { kind: 'undecidable' } });
  });

  test('groups whose nodes all sleep are not a cluster without nodes', () => {
    const of = (names: readonly string[], runsOnEc2: Observed<boolean>) =>
      new NodeIndex(known(nodes.filter(({ name }) => names.includes(name))), known([]), {
        autoMode: false,
        runsOnEc2,
      }).wouldReachMetadata(false);

    expect(of(['hybrid'], known(false))).toEqual(known(false));
    expect(of(['hybrid'], known(true))).toMatchObject({ reason: { kind: 'undecidable' } });
    expect(of(['own'], known(false))).toMatchObject({ reason: { kind: 'undecidable' } });
    expect(of([], denied('eks:ListNodegroups')).known).toBe(false);
  });
});
