import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { failedChecks, type Linted, lintTexts, statusByCheck } from '#test/support/lint.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/practices/${name}`, import.meta.url), 'utf8');

const POD = fixture('pod.yaml');
const POLICY = fixture('network-policy.yaml');
const LABELLED = fixture('labelled-pods.yaml');
const TASK = fixture('task-definition.json');
const TRUST = fixture('trust-policy.json');

/** Replaces what must be there, so that no case is about nothing. */
function change(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${from} is not in the text`);
  return changed;
}

/** What fails after a change that did not fail before. */
async function newlyFailed(before: Promise<Linted>, after: Promise<Linted>): Promise<readonly string[]> {
  const failedBefore = failedChecks(await before);
  return failedChecks(await after).filter((check) => !failedBefore.includes(check));
}

describe('a pod that follows every practice', () => {
  const linted = lintTexts({ 'pod.yaml': POD });

  test.for([
    'workload-service-account-dedicated',
    'workload-token-not-mounted',
    'workload-run-as-nonroot',
    'workload-run-as-group-nonroot',
    'workload-seccomp-confined',
    'workload-no-privilege-escalation',
    'workload-root-filesystem-readonly',
    'workload-capabilities-dropped',
    'workload-resources-requested',
    'workload-resources-limited',
    'workload-scratch-volumes-limited',
    'workload-pss-baseline',
    'workload-pss-restricted',
  ])('passes %s', async (check) => {
    expect(statusByCheck(await linted)[check]).toBe('PASSED');
  });

  test('is in a namespace of which no document tells, and that is said', async () => {
    const { findings } = await linted;

    expect(findings.find(({ checkId }) => checkId === 'namespace-pss-enforced')).toMatchObject({
      status: 'UNKNOWN',
      unknown: { kind: 'undecidable', message: 'No document describes the namespace.' },
    });
  });

  test('lacks probes, which is reported honestly', async () => {
    expect(failedChecks(await linted)).toEqual(['workload-probes-present']);
  });

  const root = ['workload-pss-restricted', 'workload-run-as-nonroot'];
  test.for<[practice: string, text: string, failed: readonly string[]]>([
    [
      'its own service account',
      change(POD, 'serviceAccountName: app-service-account', 'serviceAccountName: default'),
      ['workload-service-account-dedicated'],
    ],
    [
      'no mounted token',
      change(POD, 'automountServiceAccountToken: false', 'automountServiceAccountToken: true'),
      ['workload-token-not-mounted'],
    ],
    [
      'a user that is not root',
      change(change(POD, 'runAsNonRoot: true', 'runAsNonRoot: false'), 'runAsUser: 1000', 'runAsUser: 0'),
      root,
    ],
    ['a group that is not root', change(POD, 'runAsGroup: 1000', 'runAsGroup: 0'), ['workload-run-as-group-nonroot']],
    ['an fsGroup that is not root', change(POD, 'fsGroup: 1000', 'fsGroup: 0'), ['workload-run-as-group-nonroot']],
    [
      'a seccomp profile',
      change(POD, /seccompProfile:\s+type: RuntimeDefault/, ''),
      ['workload-pss-restricted', 'workload-seccomp-confined'],
    ],
    [
      'no privilege escalation',
      change(POD, 'allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'),
      ['workload-no-privilege-escalation', 'workload-pss-restricted'],
    ],
    [
      'a read-only root file system',
      change(POD, 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false'),
      ['workload-root-filesystem-readonly'],
    ],
    [
      'dropped capabilities',
      change(POD, /capabilities:\s+drop:\s+- ALL/, ''),
      ['workload-capabilities-dropped', 'workload-pss-restricted'],
    ],
    [
      'memory requested and limited',
      change(change(POD, 'memory: "256Mi"', ''), 'memory: "512Mi"', ''),
      ['workload-resources-limited', 'workload-resources-requested'],
    ],
    // The API server requests what is limited where nothing else is said, so both have to go.
    ['a CPU request', change(change(POD, 'cpu: "250m"', ''), 'cpu: "500m"', ''), ['workload-resources-requested']],
    ['a memory limit', change(POD, 'memory: "512Mi"', ''), ['workload-resources-limited']],
    ['a size of its scratch volume', change(POD, 'sizeLimit: 64Mi', ''), ['workload-scratch-volumes-limited']],
    [
      'a version of its image',
      change(POD, 'my-application:v1.2.3', 'my-application:latest'),
      ['workload-image-pinned'],
    ],
  ])('without %s fails for that and for what it implies', async ([, text, failed]) => {
    expect(await newlyFailed(linted, lintTexts({ 'pod.yaml': text }))).toEqual(failed);
  });
});

describe('a network policy with the pods it expects', () => {
  const lintWith = (policy: string) => lintTexts({ 'network-policy.yaml': policy, 'pods.yaml': LABELLED });
  const linted = lintWith(POLICY);

  test.for([
    'network-ingress-isolated',
    'network-egress-isolated',
    'network-no-open-ingress',
    'network-no-open-egress',
    'network-rules-name-ports',
    'network-egress-dns-allowed',
  ])('passes %s', async (check) => {
    expect(statusByCheck(await linted)[check]).toBe('PASSED');
  });

  test('is enforced by something that no document shows, and that is said', async () => {
    const { findings } = await linted;

    expect(findings.find(({ checkId }) => checkId === 'eks-cluster-network-policy-enforced')).toMatchObject({
      status: 'UNKNOWN',
      reason: 'No document shows what enforces network policies in the cluster.',
      source: { file: 'network-policy.yaml', line: 1 },
    });
  });

  test('alone is judged by nothing that needs pods, and says so', async () => {
    const alone = await lintTexts({ 'network-policy.yaml': POLICY });

    expect(statusByCheck(alone)).toMatchObject({
      'network-ingress-isolated': 'UNKNOWN',
      'network-policy-selects-something': 'UNKNOWN',
    });
    expect(failedChecks(alone)).toEqual([]);
  });

  const dns = /\n {4}# Allow DNS resolution[\s\S]*$/;
  test.for<[practice: string, policy: string, failed: readonly string[]]>([
    [
      'isolation for ingress',
      change(change(POLICY, /\n {4}- Ingress/, ''), /ingress:[\s\S]*(?=\n {2}egress:)/, ''),
      ['network-ingress-isolated'],
    ],
    [
      'isolation for egress',
      change(change(POLICY, /\n {4}- Egress/, ''), /\n {2}egress:[\s\S]*$/, ''),
      ['network-egress-isolated'],
    ],
    [
      'named peers of ingress',
      change(POLICY, /- from:\s+- podSelector:\s+matchLabels:\s+app: frontend\s+ports:/, '- ports:'),
      ['network-no-open-ingress'],
    ],
    [
      'named peers of egress',
      change(POLICY, /- to:\s+- podSelector:\s+matchLabels:\s+app: database\s+ports:/, '- ports:'),
      ['network-no-open-egress'],
    ],
    [
      'named ports of ingress',
      change(POLICY, /\n {6}ports:\s+- protocol: TCP\s+port: 8080/, ''),
      ['network-rules-name-ports'],
    ],
    ['DNS', change(POLICY, dns, '\n'), ['network-egress-dns-allowed']],
  ])('without %s fails for that', async ([, policy, failed]) => {
    expect(await newlyFailed(linted, lintWith(policy))).toEqual(failed);
  });
});

describe('a task definition that follows every practice', () => {
  const linted = lintTexts({ 'task.json': TASK });
  const without = (...keys: readonly string[]) => edited((task) => remove(task, keys));

  function edited(edit: (task: Record<string, never>) => void): string {
    const task = JSON.parse(TASK);
    const before = JSON.stringify(task);
    edit(task);
    if (JSON.stringify(task) === before) throw new Error('nothing was changed');
    return JSON.stringify(task, null, 2);
  }

  function remove(holder: Record<string, never>, [key = '', ...rest]: readonly string[]): void {
    if (rest.length === 0) delete holder[key];
    else remove(holder[key] as unknown as Record<string, never>, rest);
  }

  test.for([
    'ecs-task-network-awsvpc',
    'ecs-task-no-host-network',
    'ecs-task-roles-separate',
    'ecs-task-image-pinned',
    'ecs-task-root-filesystem-readonly',
    'ecs-task-user-nonroot',
    'ecs-task-capabilities-dropped',
    'ecs-task-init-process-enabled',
    'ecs-task-logging-configured',
    'ecs-task-no-plaintext-secrets',
    'ecs-task-health-check-present',
    'ecs-task-resources-bounded',
  ])('passes %s', async (check) => {
    expect(statusByCheck(await linted)[check]).toBe('PASSED');
  });

  test('has an image of which no file can say whether its registry is its own', async () => {
    expect(statusByCheck(await linted)['ecs-task-image-trusted-registry']).toBe('UNKNOWN');
    expect(failedChecks(await linted)).toEqual([]);
  });

  const app = ['containerDefinitions', '0'] as const;
  test.for<[practice: string, text: string, failed: readonly string[]]>([
    ['the network mode', without('networkMode'), ['ecs-task-network-awsvpc']],
    ['two roles', change(TASK, 'role/appTaskRole', 'role/ecsTaskExecutionRole'), ['ecs-task-roles-separate']],
    ['a version of its image', change(TASK, 'my-application:v1.2.3', 'my-application'), ['ecs-task-image-pinned']],
    ['a read-only root file system', without(...app, 'readonlyRootFilesystem'), ['ecs-task-root-filesystem-readonly']],
    ['a user that is not root', change(TASK, '"1000:1000"', '"0:0"'), ['ecs-task-user-nonroot']],
    ['dropped capabilities', without(...app, 'linuxParameters', 'capabilities'), ['ecs-task-capabilities-dropped']],
    ['an init process', without(...app, 'linuxParameters', 'initProcessEnabled'), ['ecs-task-init-process-enabled']],
    ['logs', without(...app, 'logConfiguration'), ['ecs-task-logging-configured']],
    ['a health check', without(...app, 'healthCheck'), ['ecs-task-health-check-present']],
    ['a bound of its memory', without('memory'), ['ecs-task-resources-bounded']],
    [
      'secrets by reference',
      change(change(TASK, '"secrets"', '"environment"'), /"valueFrom": "[^"]*"/, '"value": "Tr0ub4dor&3-xK9"'),
      ['ecs-task-no-plaintext-secrets'],
    ],
  ])('without %s fails for that', async ([, text, failed]) => {
    expect(await newlyFailed(linted, lintTexts({ 'task.json': text }))).toEqual(failed);
  });

  test('gives the same verdicts as it is described by AWS', async () => {
    const described = JSON.stringify({
      taskDefinition: {
        ...JSON.parse(TASK),
        taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/secure-app:1',
        revision: 1,
        status: 'ACTIVE',
        registeredAt: 1_700_000_000.1,
        volumes: [],
        placementConstraints: [],
      },
      tags: [],
    });

    expect(statusByCheck(await lintTexts({ 'task.json': described }))).toEqual(statusByCheck(await linted));
  });
});

describe('a trust policy that follows every practice', () => {
  const linted = lintTexts({ 'trust.json': TRUST });
  const [sub, aud] = [/"[^"]+:sub": "[^"]+",\s*/, /,\s*"[^"]+:aud": "[^"]+"/];

  test.for(['identity-role-trust-subject', 'identity-role-trust-audience'])('passes %s', async (check) => {
    expect(statusByCheck(await linted)[check]).toBe('PASSED');
  });

  test.for([
    'identity-role-not-admin',
    'identity-role-no-privilege-escalation',
    'identity-role-data-scoped',
    'identity-oidc-provider-present',
    'identity-oidc-provider-audience',
    'identity-workload-own-role',
    'identity-node-role-minimal',
    'eks-node-imds-restricted',
  ])('does not show what %s asks for, and that is said', async (check) => {
    expect(statusByCheck(await linted)[check]).toMatch(/^(?:UNKNOWN|NOT_APPLICABLE)$/);
    expect((await linted).findings.find(({ checkId }) => checkId === check)?.reason).not.toBe('');
  });

  test('fails nothing', async () => {
    expect(failedChecks(await linted)).toEqual([]);
  });

  test.for<[practice: string, text: string, failed: readonly string[]]>([
    ['a subject', change(TRUST, sub, ''), ['identity-role-trust-subject']],
    ['an audience', change(TRUST, aud, ''), ['identity-role-trust-audience']],
    [
      'StringEquals',
      change(change(TRUST, 'StringEquals', 'StringLike'), 'production:app-service-account', '*'),
      ['identity-role-trust-subject'],
    ],
  ])('without %s fails for that', async ([, text, failed]) => {
    expect(await newlyFailed(linted, lintTexts({ 'trust.json': text }))).toEqual(failed);
  });
});
