import { describe, expect, test } from 'vitest';
import { accessOf, insideOf } from '#shared/collectors/eks/inside.ts';
import type { EksMetadataOptions, EksNode } from '#shared/collectors/eks/model.ts';
import type { ClusterNodes } from '#shared/collectors/eks/nodes.ts';
import { known } from '#shared/domain/observed.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { denied } from '#test/support/judge.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const data = Buffer.from(PEM).toString('base64');
const access = { endpoint: 'https://cluster.example', certificateAuthority: PEM };

describe('the way into a cluster', () => {
  test('is its endpoint and its own CA', () => {
    expect(accessOf({ endpoint: access.endpoint, certificateAuthority: { data } })).toEqual(access);
  });

  test.for([
    ['without an endpoint', { certificateAuthority: { data } }],
    ['in the clear', { endpoint: 'http://cluster.example', certificateAuthority: { data } }],
    ['without a CA', { endpoint: access.endpoint }],
    [
      'with an empty CA, for which Node would trust the whole system',
      { endpoint: access.endpoint, certificateAuthority: { data: '' } },
    ],
    ['with a CA that is no certificate', { endpoint: access.endpoint, certificateAuthority: { data: 'bm90aGluZw==' } }],
  ] as const)('is not there %s', ([, cluster]) => {
    expect(accessOf(cluster)).toBeUndefined();
  });
});

function node(metadataOptions: EksMetadataOptions): EksNode {
  return { instanceId: 'i-1', hasPublicIp: false, windows: false, securityGroupIds: [], metadataOptions };
}

function groupOf(...nodes: readonly EksNode[]) {
  const byCluster = new Map<string, ClusterNodes>([
    ['prod', { managed: new Map([['blue', nodes]]), selfManaged: new Map() }],
  ]);
  const inside = insideOf(eksCluster({ name: 'prod' }), access, known(byCluster));
  return inside?.nodeGroups.known === true ? inside.nodeGroups.value[0] : undefined;
}

describe('what nodes let through', () => {
  test.for([
    ['a hop limit of 1 keeps pods away', { httpTokens: 'required', hopLimit: 1 }, 'none', 'all'],
    ['a hop limit of 1 does not where IMDSv1 answers', { httpTokens: 'optional', hopLimit: 1 }, 'all', 'all'],
    ['a hop limit of 2 does not', { hopLimit: 2 }, 'all', 'all'],
    ['a service that is off answers nobody', { httpEndpoint: 'disabled', hopLimit: 2 }, 'none', 'none'],
  ] as const)('%s', ([, options, podsReach, nodesReach]) => {
    expect(groupOf(node(options))).toEqual({ group: 'blue', managed: true, podsReach, nodesReach });
  });

  test('nodes of one group may differ', () => {
    const closed = { httpTokens: 'required', hopLimit: 1 };

    expect(groupOf(node(closed), node({ hopLimit: 2 }))?.podsReach).toBe('some');
  });

  test.for([{}, { hopLimit: 1 }, { httpTokens: 'required' }])('%o says too little to keep pods away', (options) => {
    expect(groupOf(node(options))?.podsReach).toBe('some');
  });

  test('is unknown where instances could not be read', () => {
    const nodes = denied('ec2:DescribeInstances');

    expect(insideOf(eksCluster(), access, nodes)?.nodeGroups).toEqual(nodes);
  });
});

describe('roles of Pod Identity', () => {
  const association = { id: 'a-1', namespace: 'shop', serviceAccount: 'api' };
  const roles = (details: Parameters<typeof eksCluster>[0]) =>
    insideOf(eksCluster(details), access, known(new Map()))?.podIdentity;

  test('are those that pods end up with: of the other account where one is chained', () => {
    const details = known({
      roleArn: 'arn:aws:iam::111122223333:role/own',
      targetRoleArn: 'arn:aws:iam::444455556666:role/other',
      disableSessionTags: false,
    });

    expect(roles({ podIdentityAssociations: known([{ ...association, details }]) })).toMatchObject(
      known([{ namespace: 'shop', serviceAccount: 'api', roleArn: 'arn:aws:iam::444455556666:role/other' }]),
    );
  });

  test('are unknown where one of them could not be described', () => {
    const details = denied('eks:DescribePodIdentityAssociation');

    expect(roles({ podIdentityAssociations: known([{ ...association, details }]) })).toEqual(details);
  });
});
