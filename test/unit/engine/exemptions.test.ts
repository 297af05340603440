import { describe, expect, test } from 'vitest';
import { workloadNoHostNamespaces } from '#shared/checks/workload/workload-no-host-namespaces.ts';
import { workloadResourcesLimited } from '#shared/checks/workload/workload-resources-limited.ts';
import { workloadRunAsNonroot } from '#shared/checks/workload/workload-run-as-nonroot.ts';
import { workloadTokenNotMounted } from '#shared/checks/workload/workload-token-not-mounted.ts';
import { withExemptions } from '#shared/engine/exemptions.ts';
import { podContainer, podSpec, podVariant, workloadOf } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const AWS_NODE = { namespace: 'kube-system', kind: 'DaemonSet', name: 'aws-node' };
const REGISTRY = '602401143452.dkr.ecr.eu-central-1.amazonaws.com';
const image = `${REGISTRY}/amazon-k8s-cni:v1.23.1`;
const containers = [podContainer({ image })];
const check = withExemptions(workloadNoHostNamespaces);

describe('what AWS manages', () => {
  test('T72: passes although it breaks the rule, and the finding says so before what would have failed (PE-14)', () => {
    const finding = judge(check, workloadOf({ hostNetwork: true, containers }, AWS_NODE));

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
    expect(judge(check, workloadOf({ containers }, AWS_NODE))).toMatchObject({
      status: 'PASSED',
      reason: '',
      evidence: [],
    });
  });

  test('passes where the image decides, because it would pass either way', () => {
    const workload = workloadOf({ securityContext: {}, containers }, AWS_NODE);

    expect(judge(withExemptions(workloadRunAsNonroot), workload)).toMatchObject({
      status: 'PASSED',
      reason: 'vendor-managed',
    });
  });

  test('stays UNKNOWN where something could not be read', () => {
    const { automountServiceAccountToken: _, ...spec } = podSpec({ containers });
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
  expect(judge(check, workloadOf({ hostNetwork: true, containers }, named)).status).toBe('FAILED');
});

describe('T72: whoever takes the name of an add-on is judged like any other', () => {
  const statusOf = (...images: readonly string[]) =>
    judge(
      check,
      workloadOf({ hostNetwork: true, containers: images.map((one) => podContainer({ image: one })) }, AWS_NODE),
    ).status;

  test.for([
    'evil.example/amazon-k8s-cni:v1.23.1',
    '111122223333.dkr.ecr.eu-central-1.amazonaws.com/amazon-k8s-cni:v1.23.1',
    '602401143452.dkr.ecr.eu-central-1.amazonaws.com.evil.example/amazon-k8s-cni:v1.23.1',
    'evil.example/602401143452.dkr.ecr.eu-central-1.amazonaws.com/amazon-k8s-cni:v1.23.1',
    'public.ecr.aws/t1dewater/eks:v1.0.0',
    'amazon-k8s-cni:v1.23.1',
    '',
  ])('with the image "%s"', (other) => {
    expect(statusOf(other)).toBe('FAILED');
    expect(statusOf(image, other)).toBe('FAILED');
  });

  test.for([
    image,
    '918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn/amazon-k8s-cni:v1.23.1',
    'public.ecr.aws/eks/amazon-k8s-cni:v1.23.1',
  ])('and with the image "%s" it is the add-on', (own) => {
    expect(statusOf(own)).toBe('PASSED');
  });

  test('in one of its pods, too', () => {
    const spec = podSpec({ hostNetwork: true, containers });
    const other = podSpec({ hostNetwork: true, containers: [podContainer({ image: 'evil.example/a:v1.0.0' })] });
    const variants = [podVariant({ spec }), podVariant({ spec: other })];

    expect(judge(check, workloadOf({}, { ...AWS_NODE, variants })).status).toBe('FAILED');
  });
});
