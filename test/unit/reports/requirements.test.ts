import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workloadPssBaseline } from '#shared/checks/workload/workload-pss-baseline.ts';
import { workloadPssRestricted } from '#shared/checks/workload/workload-pss-restricted.ts';
import type { FrameworkId } from '#shared/domain/check.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { known } from '#shared/domain/observed.ts';
import type { PodSpec } from '#shared/domain/pod-spec.ts';
import { applyLook } from '#shared/engine/transitions.ts';
import { finding } from '#test/factories/finding.ts';
import { podContainer, workloadOf } from '#test/factories/kubernetes.ts';
import { ECS_SCOPE } from '#test/factories/ledger.ts';
import { ofContainer, ofPod, sysctl, volume, withContainer } from '#test/factories/pods.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { ROOT } from '#test/support/all-checks.ts';
import { judge } from '#test/support/judge.ts';
import { everythingRead, filesOf, RUN_AT, reportOf } from '#test/support/report.ts';

async function requirementsOf(id: FrameworkId, findings: readonly Finding[], coverage = everythingRead()) {
  const report = await reportOf(findings, { coverage });
  await report.dispose();
  const framework = report.head.frameworks.find((one) => one.id === id);
  return new Map((framework?.requirements ?? []).map((requirement) => [requirement.id, requirement]));
}

describe('a practice that only a Dockerfile shows', () => {
  test('is not automated, and says what to run', async () => {
    const practices = await requirementsOf('hullcheck-practices', []);

    expect(practices.get('images/base-version')).toMatchObject({
      status: 'NOT_AUTOMATED',
      basis: 'none',
      checks: [],
      byHand: expect.stringContaining('hullcheck lint'),
      remark: expect.stringContaining('dockerfile-base-pinned'),
    });
  });

  test('does not keep another from its result, and is named beside it', async () => {
    const passed = finding({ checkId: 'image-user-nonroot', status: 'PASSED' });
    const practices = await requirementsOf('hullcheck-practices', [passed]);

    expect(practices.get('images/non-root')).toMatchObject({
      status: 'PASS',
      checks: ['image-user-nonroot'],
      remark: 'Dockerfiles are judged by hullcheck lint, not here (dockerfile-user-nonroot)',
    });
  });
});

describe('a requirement that nothing concerns', () => {
  test('is not applicable where there is no resource', async () => {
    const practices = await requirementsOf('hullcheck-practices', []);

    expect(practices.get('images/clean-layers')).toMatchObject({
      status: 'NOT_APPLICABLE',
      remark: expect.stringContaining('there is no resource that it applies to'),
    });
  });

  test('does not say that there is nothing where its check was not to look', async () => {
    const unlooked = finding({ checkId: 'image-layers-clean', status: 'NOT_APPLICABLE' });
    const practices = await requirementsOf('hullcheck-practices', [unlooked]);

    expect(practices.get('images/clean-layers')).toMatchObject({
      status: 'NOT_APPLICABLE',
      remark: expect.stringContaining('the findings say why'),
    });
  });
});

describe('a requirement about a service that nobody has looked at', () => {
  const read = everythingRead().filter(({ service }) => service !== 'eks');
  const place = { accountId: ACCOUNT, region: REGION, gaps: [] };
  const leftOut = { ...place, service: 'eks', status: 'excluded' } as const;

  test.for([['was not asked for', read] as const, ['was left out on purpose', [...read, leftOut]] as const])(
    'AU-1: is unknown where it %s, and does not say that there is nothing',
    async ([, coverage]) => {
      const benchmark = await requirementsOf('cis-eks-1.8.0', [], [...coverage]);

      expect(benchmark.get('2.1.1')).toMatchObject({
        status: 'UNKNOWN',
        remark: expect.stringContaining('not looked at: nothing was scanned of eks'),
      });
    },
  );

  test('says what was left out on purpose beside its result', async () => {
    const elsewhere = { ...leftOut, accountId: '999999999999' };
    const logged = finding({ checkId: 'eks-cluster-logging-enabled', status: 'PASSED' });
    const without = 'left out on purpose and not looked at: 999999999999 us-east-1';
    const coverage = [...everythingRead(), elsewhere];

    expect((await requirementsOf('cis-eks-1.8.0', [logged], coverage)).get('2.1.1')).toMatchObject({
      status: 'PASS',
      remark: expect.stringContaining(without),
    });
    expect((await requirementsOf('cis-eks-1.8.0', [], coverage)).get('2.1.1')).toMatchObject({
      status: 'NOT_APPLICABLE',
      remark: expect.stringContaining(without),
    });
  });
});

describe('a requirement that is part of what a check judges', () => {
  const shared = (...fields: readonly string[]) =>
    finding({
      checkId: 'workload-no-host-namespaces',
      evidence: fields.map((field) => ({ path: `spec.${field}`, observed: true, expected: false })),
    });

  test('fails by what is about it only', async () => {
    const benchmark = await requirementsOf('cis-eks-1.8.0', [shared('hostNetwork')]);

    expect(['4.2.2', '4.2.3', '4.2.4'].map((id) => benchmark.get(id)?.status)).toEqual(['PASS', 'PASS', 'FAIL']);
    expect(benchmark.get('4.2.4')?.counts).toMatchObject({ FAILED: 1, PASSED: 0 });
    expect(benchmark.get('4.2.2')?.counts).toMatchObject({ FAILED: 0, PASSED: 1 });
  });

  test.for([['none'], ['x'.repeat(60_000)]])(
    'fails where the evidence may have been cut (%#)',
    async ([field = '']) => {
      const evidence = field === 'none' ? shared() : shared(field);
      const benchmark = await requirementsOf('cis-eks-1.8.0', [evidence]);

      expect(['4.2.2', '4.2.3', '4.2.4'].map((id) => benchmark.get(id)?.status)).toEqual(['FAIL', 'FAIL', 'FAIL']);
    },
  );

  test('is unknown, and no pass, where the check fails for another reason and may not have looked at it', async () => {
    const hopsOnly = finding({
      checkId: 'eks-node-imds-restricted',
      evidence: [{ path: 'nodes.metadataOptions.httpPutResponseHopLimit', observed: 2, expected: 1 }],
    });

    expect((await requirementsOf('aws-fsbp', [hopsOnly])).get('EC2.8')).toMatchObject({
      status: 'UNKNOWN',
      counts: { FAILED: 0, PASSED: 0, UNKNOWN: 1 },
      remark: expect.stringContaining('some resources fail for another reason'),
    });
    expect((await requirementsOf('pci-dss-4.0.1', [hopsOnly])).get('2.2.6')?.status).toBe('UNKNOWN');
  });

  test('passes where the check comes to the other reason only when it is in order', async () => {
    const path = 'features[RUNTIME_MONITORING].additionalConfiguration[ECS_FARGATE_AGENT_MANAGEMENT].status';
    const agentOnly = finding({
      checkId: 'guardduty-ecs-runtime-enabled',
      evidence: [{ path, observed: 'DISABLED', expected: 'ENABLED' }],
    });
    const controls = await requirementsOf('aws-fsbp', [agentOnly]);

    expect(['GuardDuty.11', 'GuardDuty.12'].map((id) => controls.get(id)?.status)).toEqual(['PASS', 'FAIL']);
  });

  test('passes nothing where a ledger has cut the evidence, however little it has kept', async () => {
    const evidence = [
      { path: 'spec.hostNetwork', observed: true, expected: false },
      { path: 'spec.hostPID', observed: true, expected: 'x'.repeat(100_000) },
    ];
    const look = { scope: ECS_SCOPE, finding: { ...shared(), evidence }, observedAt: RUN_AT };
    const kept = applyLook(look, undefined)?.finding;
    const benchmark = await requirementsOf('cis-eks-1.8.0', kept === undefined ? [] : [kept]);

    expect(kept?.evidence).toEqual([
      evidence[0],
      { path: 'evidence', observed: '1 of 2 pieces are kept', expected: 'all of them' },
    ]);
    expect(['4.2.2', '4.2.3', '4.2.4'].map((id) => benchmark.get(id)?.status)).toEqual(['FAIL', 'FAIL', 'FAIL']);
  });

  test.for([
    ['bind, escalate roles', '4.1.8'],
    ['create persistentvolumes', '4.1.9'],
    ['get nodes/proxy', '4.1.10'],
    ['update validatingwebhookconfigurations', '4.1.11'],
    ['create serviceaccounts/token', '4.1.12'],
  ] as const)('a role that may %s breaks %s alone', async ([allows, id]) => {
    const evidence = [
      { path: 'subjects', observed: ['User/persistentvolumes'], expected: 'few' },
      { path: 'ClusterRole/impersonate: rules[0]', observed: allows, expected: 'no way to more rights' },
    ];
    const broken = finding({ checkId: 'identity-rbac-no-escalation', evidence });
    const benchmark = await requirementsOf('cis-eks-1.8.0', [broken]);
    const failed = ['4.1.8', '4.1.9', '4.1.10', '4.1.11', '4.1.12'].filter(
      (one) => benchmark.get(one)?.status === 'FAIL',
    );

    expect(failed).toEqual([id]);
  });
});

describe('a control of the Pod Security Standards', () => {
  const probe = { probes: [{ field: 'livenessProbe', kind: 'httpGet', host: '10.0.0.1' }] };
  const cases: readonly (readonly [requirement: string, spec: Partial<PodSpec>])[] = [
    ['baseline/host-process', ofPod({ windowsOptions: { hostProcess: true } } as never)],
    ['baseline/capabilities', ofContainer({ capabilities: { add: ['SYS_ADMIN'], drop: ['ALL'] } })],
    ['baseline/host-path-volumes', volume('hostPath', { hostPath: { path: '/etc' } })],
    ['baseline/host-ports', withContainer({ ports: [{ containerPort: 80, hostPort: 80 }] } as never)],
    ['baseline/host-probes', withContainer(probe as never)],
    ['baseline/apparmor', ofPod({ appArmorProfile: { type: 'Unconfined' } })],
    ['baseline/selinux', ofPod({ seLinuxOptions: { type: 'spc_t' } })],
    ['baseline/proc-mount', ofContainer({ procMount: 'Unmasked' })],
    ['baseline/seccomp', ofPod({ seccompProfile: { type: 'Unconfined' } })],
    ['baseline/sysctls', sysctl('kernel.msgmax')],
    ['restricted/volume-types', volume('nfs')],
    ['restricted/running-as-non-root', ofPod({ runAsNonRoot: false })],
    ['restricted/running-as-non-root-user', ofPod({ runAsUser: 0 })],
    ['restricted/capabilities', withContainer({ securityContext: { allowPrivilegeEscalation: false } })],
    ['restricted/proc-mount', ofContainer({ procMount: 'Unmasked' })],
  ];

  test.for(cases)('%s fails alone when it alone is broken', async ([requirement, spec]) => {
    const [profile = ''] = requirement.split('/');
    const check = profile === 'baseline' ? workloadPssBaseline : workloadPssRestricted;
    const verdict = judge(
      check,
      workloadOf({ containers: [podContainer()], ...spec }, { policyVersion: known('1.37') }),
    );
    const standards = await requirementsOf('pod-security-standards', [verdict]);
    const failed = [...standards.values()].filter(({ status }) => status === 'FAIL').map(({ id }) => id);

    expect(verdict.status).toBe('FAILED');
    expect(failed).toEqual([profile, requirement]);
  });
});

describe('a requirement that AWS names beside controls of its own', () => {
  test('says which, and rests on the checks that judge the same as these', async () => {
    const bridge = finding({ checkId: 'ecs-task-network-awsvpc' });
    const own = finding({ checkId: 'ecs-task-no-host-network', status: 'PASSED' });
    const nist = await requirementsOf('nist-800-53-r5', [bridge, own]);

    expect(nist.get('AC-2(1)')).toMatchObject({
      status: 'PASS',
      basis: 'related',
      checks: expect.not.arrayContaining(['ecs-task-network-awsvpc']),
      remark: expect.stringMatching(/^through .*\bECS\.17\b/),
    });
  });

  test('takes over what counts in part', async () => {
    const evidence = [{ path: 'logging.clusterLogging', observed: ['api', 'audit'], expected: [] }];
    const partly = finding({ checkId: 'eks-cluster-logging-enabled', evidence });
    const pci = await requirementsOf('pci-dss-4.0.1', [partly]);

    expect(pci.get('10.2.1')).toMatchObject({ status: 'PASS', counts: { FAILED: 0, PASSED: 1 } });
  });
});

test('a framework whose list could not be read is named as left out', async () => {
  const page = (await filesOf(await reportOf([]))).get('report.html') ?? '';

  expect(page.slice(page.indexOf('id="method"'))).toContain('CIS Amazon EKS Benchmark v2.0.0');
  expect(page).toContain('Version 2.0.0 is left out');
  expect(readFileSync(join(ROOT, 'docs/frameworks.md'), 'utf8')).toContain('CIS Amazon EKS Benchmark v2.0.0');
});
