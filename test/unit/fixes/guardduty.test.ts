import { describe, expect, test } from 'vitest';
import {
  type DetectorFeature,
  type DetectorFeatures,
  guarddutyDetectorFeatures,
} from '#shared/fixes/guardduty/guardduty-detector-features.ts';
import { guardDutyDetector } from '#test/factories/guardduty.ts';

const feature = (
  name: string,
  status: 'ENABLED' | 'DISABLED',
  additional: Readonly<Record<string, string>> = {},
  managedBy: string | null = null,
): DetectorFeature => ({
  name,
  status,
  managedBy,
  additional: Object.entries(additional).map(([one, state]) => ({ name: one, status: state, managedBy: null })),
});

const decide = (check: string, settings: Partial<DetectorFeatures>) =>
  guarddutyDetectorFeatures.decide(
    { detectorId: 'd1', status: 'ENABLED', features: [], ...settings },
    { checkId: check, resource: guardDutyDetector(), parameters: undefined, allowUnknownUse: false },
  );

/** The features that are wanted, as `NAME STATUS (ADDITIONAL STATUS, …)`. */
const wantedOf = (decision: ReturnType<typeof decide>) =>
  decision.kind === 'refused'
    ? decision.because
    : decision.wanted.features.map(
        ({ name, status, additional }) =>
          `${name} ${status} (${additional.map((one) => `${one.name} ${one.status}`).join(', ')})`,
      );

describe('features of a detector (T83)', () => {
  test.for([
    ['guardduty-eks-runtime-enabled', 'EKS_ADDON_MANAGEMENT'],
    ['guardduty-eks-agent-managed', 'EKS_ADDON_MANAGEMENT'],
    ['guardduty-ecs-runtime-enabled', 'ECS_FARGATE_AGENT_MANAGEMENT'],
    ['guardduty-ec2-runtime-enabled', 'EC2_AGENT_MANAGEMENT'],
  ] as const)('%s: the current feature with %s, where neither is listed', ([check, agent]) => {
    expect(wantedOf(decide(check, {}))).toEqual([`RUNTIME_MONITORING ENABLED (${agent} ENABLED)`]);
  });

  test('audit logs are a feature of their own', () => {
    const features = [feature('RUNTIME_MONITORING', 'DISABLED')];

    expect(wantedOf(decide('guardduty-eks-audit-logs-enabled', { features }))).toEqual([
      'EKS_AUDIT_LOGS ENABLED ()',
      'RUNTIME_MONITORING DISABLED ()',
    ]);
  });

  test('the older feature is kept where it is in use, and the current one is left off', () => {
    const features = [feature('EKS_RUNTIME_MONITORING', 'ENABLED'), feature('RUNTIME_MONITORING', 'DISABLED')];

    expect(wantedOf(decide('guardduty-eks-agent-managed', { features }))).toEqual([
      'EKS_RUNTIME_MONITORING ENABLED (EKS_ADDON_MANAGEMENT ENABLED)',
      'RUNTIME_MONITORING DISABLED ()',
    ]);
  });

  test('agents of other platforms stay as they are, on or off', () => {
    const features = [
      feature('RUNTIME_MONITORING', 'ENABLED', { EC2_AGENT_MANAGEMENT: 'DISABLED', EKS_ADDON_MANAGEMENT: 'ENABLED' }),
    ];

    expect(wantedOf(decide('guardduty-ecs-runtime-enabled', { features }))).toEqual([
      'RUNTIME_MONITORING ENABLED (EC2_AGENT_MANAGEMENT DISABLED, ECS_FARGATE_AGENT_MANAGEMENT ENABLED, EKS_ADDON_MANAGEMENT ENABLED)',
    ]);
  });

  test.for([
    ['guardduty-ecs-runtime-enabled', 'ECS_FARGATE_AGENT_MANAGEMENT'],
    ['guardduty-ec2-runtime-enabled', 'EC2_AGENT_MANAGEMENT'],
  ] as const)('%s is refused while the older feature is in use: it would have to be replaced', ([check]) => {
    const features = [feature('EKS_RUNTIME_MONITORING', 'ENABLED')];

    expect(wantedOf(decide(check, { features }))).toContain('migrate to RUNTIME_MONITORING first');
  });

  test('what a policy of the organization has switched off is left to it; what it has switched on is no obstacle', () => {
    const off = [feature('RUNTIME_MONITORING', 'DISABLED', {}, 'GUARDDUTY_POLICY')];
    const on = [feature('RUNTIME_MONITORING', 'ENABLED', {}, 'GUARDDUTY_POLICY')];

    expect(wantedOf(decide('guardduty-eks-runtime-enabled', { features: off }))).toContain('GUARDDUTY_POLICY');
    expect(decide('guardduty-eks-agent-managed', { features: on })).toMatchObject({ kind: 'change' });
  });

  test('nothing is created, and nothing that somebody suspended is switched on', () => {
    expect(wantedOf(decide('guardduty-eks-runtime-enabled', { detectorId: null }))).toContain('creates none');
    expect(wantedOf(decide('guardduty-eks-runtime-enabled', { status: 'DISABLED' }))).toContain('suspended');
  });
});
