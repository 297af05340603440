import { describe, expect, test } from 'vitest';
import { workloadNoHostNamespaces } from '#shared/checks/workload/workload-no-host-namespaces.ts';
import { workloadResourcesLimited } from '#shared/checks/workload/workload-resources-limited.ts';
import { workloadRunAsNonroot } from '#shared/checks/workload/workload-run-as-nonroot.ts';
import { workloadTokenNotMounted } from '#shared/checks/workload/workload-token-not-mounted.ts';
import { withExemptions } from '#shared/engine/exemptions.ts';
import { podSpec, podVariant, workloadOf } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const AWS_NODE = { namespace: 'kube-system', kind: 'DaemonSet', name: 'aws-node' };
const check = withExemptions(workloadNoHostNamespaces);

describe('what AWS manages', () => {
  test('T72: passes although it breaks the rule, and the finding says so before what would have failed (PE-14)', () => {
    const finding = judge(check, workloadOf({ hostNetwork: true }, AWS_NODE));

    expect(finding).toMatchObject({ status: 'PASSED', reason: 'vendor-managed' });
    expect(finding.evidence).toEqual([
      {
        path: 'metadata.name',
        observed: 'kube-system/DaemonSet/aws-node',
        expected: expect.stringMatching(/^exempt: .*\(list of \d{4}-\d\d-\d\d, https:\/\/docs\.aws\.amazon\.com\//),
      },
      { path: 'spec.hostNetwork', observed: true, expected: false },
    ]);
  });

  test('is told nothing where it keeps the rule', () => {
    expect(judge(check, workloadOf({}, AWS_NODE))).toMatchObject({ status: 'PASSED', reason: '', evidence: [] });
  });

  test('passes where the image decides, because it would pass either way', () => {
    const workload = workloadOf({ securityContext: {} }, AWS_NODE);

    expect(judge(withExemptions(workloadRunAsNonroot), workload)).toMatchObject({
      status: 'PASSED',
      reason: 'vendor-managed',
    });
  });

  test('stays UNKNOWN where something could not be read', () => {
    const { automountServiceAccountToken: _, ...spec } = podSpec();
    const serviceAccount = denied('kubernetes:list serviceaccounts');
    const workload = { ...workloadOf({}, { ...AWS_NODE, serviceAccount }), variants: [podVariant({ spec })] };

    expect(judge(withExemptions(workloadTokenNotMounted), workload).status).toBe('UNKNOWN');
  });

  test('is judged where its configuration can mend it', () => {
    expect(withExemptions(workloadResourcesLimited)).toBe(workloadResourcesLimited);
  });
});

test.for<[string, typeof AWS_NODE]>([
  ['another name in its namespace', { ...AWS_NODE, name: 'miner' }],
  ['its name in another namespace', { ...AWS_NODE, namespace: 'shop' }],
  ['its name for another kind', { ...AWS_NODE, kind: 'Deployment' }],
])('T72: %s is judged like any other', ([, named]) => {
  expect(judge(check, workloadOf({ hostNetwork: true }, named)).status).toBe('FAILED');
});
