import { DescribeClusterCommand, EKSClient, ListClustersCommand, type VpcConfigResponse } from '@aws-sdk/client-eks';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ProbePlace } from '#shared/aws/probes/probe.ts';
import { type ClusterAnswer, lookAtClusters, type ProbeCluster } from '#shared/use-cases/doctor/clusters.ts';
import { identityOf } from '#shared/use-cases/doctor/identity.ts';
import { rejectUnstubbed } from '#test/support/collect.ts';

const eks = mockClient(EKSClient);
const place: ProbePlace = {
  partition: 'aws',
  accountId: '111122223333',
  region: 'eu-west-1',
  clientFor: (clientClass) => new clientClass({ region: 'eu-west-1' } as never),
};
const identity = identityOf('arn:aws:sts::111122223333:assumed-role/scanner/hullcheck');
const cluster = {
  name: 'shop',
  endpoint: 'https://abc.gr7.eu-west-1.eks.amazonaws.com',
  certificateAuthority: { data: Buffer.from('PEM').toString('base64') },
  resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] },
};

beforeEach(() => {
  eks.reset();
  rejectUnstubbed(eks);
  eks.on(ListClustersCommand).resolves({ clusters: ['shop'] });
  eks.on(DescribeClusterCommand).resolves({ cluster });
});

const reader = (of = identity) => ({ identity: of, placeIn: () => place });
const connecting = (probe: ProbeCluster) => ({ probe, lookAtStored: () => undefined });
const look = async (answer: ClusterAnswer) =>
  (
    await lookAtClusters(
      [reader()],
      'eu-west-1',
      connecting(async () => answer),
    )
  )[0];
const unreachable = async (because: 'dns' | 'timeout' | 'tls' | 'refused', network: VpcConfigResponse) => {
  eks.on(DescribeClusterCommand).resolves({ cluster: { ...cluster, resourcesVpcConfig: network } });
  return look({ answer: 'unreachable', because });
};

describe('a cluster (PE-7)', () => {
  test('that is reached is in order', async () => {
    expect(await look({ answer: 'reached' })).toMatchObject({ status: 'ok', subject: 'shop' });
  });

  test('with a private endpoint is read from its VPC, through its security group', async () => {
    const network = { endpointPublicAccess: false, vpcId: 'vpc-1', clusterSecurityGroupId: 'sg-1' };

    expect(await unreachable('timeout', network)).toMatchObject({
      status: 'problem',
      message: expect.stringContaining(
        'has a private endpoint only, which cannot be reached from here (timeout). What is',
      ),
      fix: {
        text: expect.stringContaining('Scan it from the VPC vpc-1'),
        command:
          'aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-1 --protocol tcp --port 443 --source-group SECURITY_GROUP_OF_THE_SCANNER',
      },
    });
  });

  test('that lets in some addresses only needs one more, and those that it has', async () => {
    const network = { endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24', '198.51.100.7/32'] };

    expect(await unreachable('timeout', network)).toMatchObject({
      message: expect.stringContaining('shop lets in only 203.0.113.0/24, 198.51.100.7/32 (timeout)'),
      fix: {
        command:
          'aws eks update-cluster-config --region eu-west-1 --name shop --resources-vpc-config publicAccessCidrs=203.0.113.0/24,198.51.100.7/32,ADDRESS_OF_THE_SCANNER/32',
      },
    });
  });

  test('that is open to everybody is kept away by the own network', async () => {
    expect(
      await unreachable('refused', { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] }),
    ).toMatchObject({
      message: expect.stringContaining('this network does not let connections out to it (refused)'),
      fix: { text: 'Allow connections to abc.gr7.eu-west-1.eks.amazonaws.com on port 443.' },
    });
  });

  test('in whose place somebody else answers is hidden by a proxy', async () => {
    expect(await unreachable('tls', {})).toMatchObject({ fix: { text: expect.stringContaining('Take the proxy') } });
  });

  test('that does not know the scanner needs an access entry (401)', async () => {
    expect(await look({ answer: 'unauthenticated' })).toMatchObject({
      message: expect.stringContaining('shop does not know the role scanner (401)'),
      fix: {
        command:
          'aws eks create-access-entry --region eu-west-1 --cluster-name shop --principal-arn arn:aws:iam::111122223333:role/scanner --kubernetes-groups hullcheck',
      },
    });
  });

  test('that knows no access entries is not told to take one', async () => {
    eks
      .on(DescribeClusterCommand)
      .resolves({ cluster: { ...cluster, accessConfig: { authenticationMode: 'CONFIG_MAP' } } });

    expect(await look({ answer: 'unauthenticated' })).toMatchObject({
      fix: {
        text: expect.stringContaining('to the group hullcheck in its ConfigMap aws-auth'),
        command: expect.stringContaining('authenticationMode=API_AND_CONFIG_MAP'),
      },
    });
  });

  test('that knows the scanner and denies something names what (403)', async () => {
    expect(
      await look({ answer: 'forbidden', operations: ['kubernetes:list networkpolicies.networking.k8s.io'] }),
    ).toMatchObject({
      message: expect.stringContaining('does not let the role scanner list networkpolicies.networking.k8s.io (403)'),
      fix: { command: expect.stringContaining('aws eks update-access-entry') },
    });
  });

  test('that is being created has nothing to try yet', async () => {
    eks.on(DescribeClusterCommand).resolves({ cluster: { name: 'shop', status: 'CREATING' } });

    expect(await look({ answer: 'reached' })).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('CREATING'),
    });
  });

  test('that vanished in between is not told of', async () => {
    eks.on(DescribeClusterCommand).rejects({ name: 'ResourceNotFoundException', message: 'No cluster found' });

    expect(await look({ answer: 'reached' })).toBeUndefined();
  });

  test('that may not be described is not called reachable', async () => {
    eks.on(DescribeClusterCommand).rejects({ name: 'AccessDeniedException', message: 'denied' });

    expect(await look({ answer: 'reached' })).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('eks:DescribeCluster'),
    });
  });

  test('is tried as each role that reads it, because each needs an access entry of its own', async () => {
    const recheck = identityOf('arn:aws:sts::111122223333:assumed-role/rechecker/hullcheck');
    const answers: ClusterAnswer[] = [{ answer: 'reached' }, { answer: 'unauthenticated' }];
    const results = await lookAtClusters(
      [reader(), reader(recheck)],
      'eu-west-1',
      connecting(async () => answers.shift() ?? { answer: 'reached' }),
    );

    expect(results).toMatchObject([
      { status: 'ok', message: 'shop (eu-west-1) can be read by the role scanner.' },
      { status: 'problem', message: expect.stringContaining('shop does not know the role rechecker (401)') },
    ]);
    expect(eks.commandCalls(DescribeClusterCommand)).toHaveLength(1);
  });

  test('that is not reached is told of once, whoever reads it', async () => {
    const trial = connecting(async () => ({ answer: 'unreachable', because: 'timeout' }));

    expect(await lookAtClusters([reader(), reader()], 'eu-west-1', trial)).toHaveLength(1);
  });

  test('whose inside is taken from a bucket is looked at there, and nothing connects to it', async () => {
    const stored = { group: 'clusters', status: 'ok', subject: 'shop', message: 'It is in the bucket.' } as const;
    const results = await lookAtClusters([reader(), reader()], 'eu-west-1', {
      probe: async () => Promise.reject(new Error('somebody connected')),
      lookAtStored: async () => stored,
    });

    expect(results).toEqual([stored]);
  });
});
