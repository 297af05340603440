import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeClusterCertificates } from '#demo/kubernetes/certificates.ts';
import type { DemoAccount } from '#demo/server.ts';
import type { KubernetesObject } from '#demo/world/kubernetes-state.ts';
import type { CoverageGap } from '#shared/domain/coverage.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { type DemoScan, SCAN_TIME, scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

let demo: DemoAccount;

beforeEach(async () => {
  demo = await useDemoAccount();
});

afterEach(async () => {
  await demo.close();
});

const scan = () => scanDemo({ regions: ['us-east-1'], services: ['eks', 'kubernetes'] });
const PROD = 'tide-prod';

function stateOf(name = PROD) {
  const found = demo.world.accounts[0]?.regions[0]?.eks.clusters.find(({ cluster }) => cluster.name === name);
  if (found?.kubernetes === undefined) throw new Error(`The demo has no cluster ${name}.`);
  return { ...found, kubernetes: found.kubernetes };
}

function inside({ findings }: DemoScan, cluster = PROD): readonly Finding[] {
  return findings.filter(({ resource }) => resource.type.startsWith('Kubernetes') && resource.cluster === cluster);
}

function gapsOf({ header }: DemoScan, cluster = PROD): readonly CoverageGap[] {
  return header.coverage.flatMap(({ gaps }) => gaps).filter((gap) => gap.cluster === cluster);
}

describe('the demo clusters', () => {
  test('are read without gaps, and what is in them is judged next to them', async () => {
    const result = await scan();

    expect(result.header.complete).toBe(true);
    const failed = inside(result).filter(({ status }) => status === 'FAILED');
    expect(failed).toContainEqual(
      expect.objectContaining({
        checkId: 'workload-not-privileged',
        resource: expect.objectContaining({ name: 'node-tuner', namespace: 'legacy', cluster: PROD }),
      }),
    );
    expect(failed.filter(({ resource }) => resource.name === 'storefront')).toEqual([]);
  });

  test('are looked at by the least calls: one for discovery, and one for each list', async () => {
    await scan();
    const calls = demo.clusters.recorder.calls();

    expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    expect(calls.filter(({ operation }) => operation === 'kubernetes:list pods')).toHaveLength(3);
    expect(calls.filter(({ operation }) => operation === 'kubernetes:get /apis')).toHaveLength(3);
  });

  test('never show a Secret, and only the ConfigMaps that a rule needs', async () => {
    await scan();
    const operations = demo.clusters.recorder.operations();

    expect(operations.filter((operation) => operation.includes('secrets'))).toEqual([]);
    expect(operations.filter((operation) => operation.includes('configmaps'))).toEqual(['kubernetes:get configmaps']);
  });

  test('tell the checks of the cluster who administers it and what enforces network policies', async () => {
    const { findings } = await scan();
    const verdict = (checkId: string, name: string) =>
      findings.find((finding) => finding.checkId === checkId && finding.resource.name === name);

    expect(verdict('eks-cluster-network-policy-enforced', 'tide-auto')).toMatchObject({
      status: 'PASSED',
      evidence: [{ observed: 'auto-mode (kube-system/configmaps/amazon-vpc-cni)' }],
    });
    expect(verdict('eks-cluster-network-policy-enforced', 'tide-open')?.status).toBe('FAILED');
    expect(verdict('eks-cluster-admins-bounded', PROD)?.status).toBe('PASSED');
  });
});

describe('PE-7: a cluster that cannot be read says why, and nothing is said of what was not seen', () => {
  const onlyTheClusterItself = (result: DemoScan) => {
    const findings = inside(result);
    expect(new Set(findings.map(({ resource }) => resource.type))).toEqual(new Set(['KubernetesCluster']));
    // The issuer of a cluster and its provider are known from outside.
    const ofInside = findings.filter(({ checkId }) => !checkId.startsWith('identity-oidc-'));
    expect(new Set(ofInside.map(({ status }) => status))).toEqual(new Set(['UNKNOWN']));
    // The others are judged as before.
    expect(gapsOf(result, 'tide-open')).toEqual([]);
    expect(inside(result, 'tide-open').some(({ status }) => status === 'FAILED')).toBe(true);
    // What AWS shows of it still stands.
    expect(
      result.findings.some(
        ({ checkId, resource, status }) =>
          checkId === 'eks-cluster-logging-enabled' && resource.name === PROD && status === 'PASSED',
      ),
    ).toBe(true);
    expect(result.header.complete).toBe(false);
  };

  test('a token that the cluster refuses', async () => {
    demo.faults.add('kubernetes:*', { kind: 'expired-token' }, { when: ({ cluster }) => cluster === PROD });
    const result = await scan();

    onlyTheClusterItself(result);
    expect(gapsOf(result)).toEqual([
      expect.objectContaining({
        cause: 'unauthenticated',
        reason: expect.stringContaining('aws eks create-access-entry'),
      }),
    ]);
  });

  test('a role without an access entry', async () => {
    stateOf().accessEntries.splice(0);
    const result = await scan();

    onlyTheClusterItself(result);
    expect(gapsOf(result)).toMatchObject([{ cause: 'unauthenticated' }]);
  });

  test('a certificate of another authority', async () => {
    // Asked once, so that the cluster is served; then EKS tells of another CA.
    await scan();
    const data = Buffer.from(makeClusterCertificates(SCAN_TIME).authority).toString('base64');
    stateOf().cluster.certificateAuthority = { data };
    const result = await scan();

    onlyTheClusterItself(result);
    expect(gapsOf(result)).toMatchObject([
      { cause: 'unreachable', reason: expect.stringContaining('CA of the cluster has not signed') },
    ]);
  });

  test('an endpoint that nobody answers', async () => {
    await scan();
    await demo.clusters.stop(stateOf().cluster);
    const result = await scan();

    onlyTheClusterItself(result);
    expect(gapsOf(result)).toMatchObject([
      { cause: 'unreachable', reason: 'The API server refused or broke the connection.' },
    ]);
  });

  test('a name that does not resolve', async () => {
    await scan();
    stateOf().cluster.endpoint = 'https://ABCDEF.gr7.us-east-1.eks.invalid';
    const result = await scan();

    onlyTheClusterItself(result);
    expect(gapsOf(result)).toMatchObject([{ cause: 'unreachable', reason: expect.stringContaining('DNS') }]);
  });

  test('pods that may not be listed: no workload is judged, and nothing that depends on pods', async () => {
    demo.faults.add(
      'kubernetes:list pods',
      { kind: 'deny', because: 'no-identity-policy' },
      { when: ({ cluster }) => cluster === PROD },
    );
    const result = await scan();

    expect(gapsOf(result)).toEqual([
      expect.objectContaining({
        cause: 'denied',
        operation: 'kubernetes:list pods',
        missingPermission: 'kubernetes:list pods',
        reason: expect.stringContaining('ClusterRole'),
      }),
    ]);
    expect(inside(result).filter(({ resource }) => resource.type === 'KubernetesWorkload')).toEqual([]);
    const isolated = inside(result).filter(({ checkId }) => checkId === 'network-ingress-isolated');
    expect(isolated.length).toBeGreaterThan(0);
    for (const { status, unknown } of isolated) {
      expect({ status, unknown }).toMatchObject({
        status: 'UNKNOWN',
        unknown: { missingPermission: 'kubernetes:list pods' },
      });
    }
    expect(inside(result).some(({ checkId }) => checkId.startsWith('identity-rbac'))).toBe(true);
  });
});

test('denying any single list makes no verdict PASSED or FAILED, and the result names it', async () => {
  const statuses = ({ findings }: DemoScan) => new Map(findings.map(({ id, status }) => [id, status]));
  const before = statuses(await scan());
  const operations = demo.clusters.recorder
    .operations()
    .filter((operation) => operation.startsWith('kubernetes:list') && operation !== 'kubernetes:list pods');
  const lies: string[] = [];
  for (const operation of operations) {
    demo.faults.clear();
    demo.faults.add(operation, { kind: 'deny', because: 'no-identity-policy' });
    const result = await scan();
    for (const { id, status } of result.findings) {
      const earlier = before.get(id);
      // A provider that is there is enough, whoever may use it.
      if (id.includes('/identity-oidc-provider-present/') && status === 'PASSED') continue;
      if (status !== earlier && status !== 'UNKNOWN') lies.push(`${operation}: ${id} ${earlier} -> ${status}`);
    }
    if (result.header.complete) lies.push(`${operation}: the result says complete`);
  }

  expect(operations.length).toBeGreaterThan(20);
  expect(lies).toEqual([]);
}, 120_000);

test('without the clusters of EKS there is nothing to open, which is not the same as nothing there', async () => {
  const { header } = await scanDemo({ regions: ['us-east-1'], services: ['kubernetes'] });

  expect(header.complete).toBe(false);
  expect(header.coverage.flatMap(({ gaps }) => gaps)).toMatchObject([
    { reason: expect.stringContaining('eks was not read') },
  ]);
});

describe('SH-2, SH-3', () => {
  test('two clusters with the same namespace and name have findings of their own', async () => {
    const result = await scan();
    const ids = (cluster: string) =>
      inside(result, cluster)
        .filter(({ resource }) => resource.name === 'coredns' && resource.type === 'KubernetesWorkload')
        .map(({ id }) => id);

    expect(ids(PROD).length).toBeGreaterThan(10);
    expect(ids('tide-open')).toHaveLength(ids(PROD).length);
    expect(ids('tide-open').filter((id) => ids(PROD).includes(id))).toEqual([]);
  });

  test('a rollout changes no finding: neither hashes nor names of pods are in any', async () => {
    const before = await scan();
    for (const object of stateOf().kubernetes.objects) renewed(object);
    const after = await scan();

    expect(inside(after)).toEqual(inside(before));
  });
});

/** What a rollout changes in an object: names and hashes that are generated. */
function renewed(object: KubernetesObject): void {
  const { metadata, kind } = object;
  const renew = (text: string) => text.replace(/-[0-9a-f]{10}/, '-ffffffffff');
  if (kind === 'ReplicaSet' || kind === 'Pod') metadata.name = renew(metadata.name);
  const labels = metadata.labels ?? {};
  for (const name of ['pod-template-hash', 'controller-revision-hash']) {
    if (labels[name] !== undefined) labels[name] = 'ffffffffff';
  }
  for (const owner of metadata.ownerReferences ?? []) owner.name = renew(owner.name);
}
