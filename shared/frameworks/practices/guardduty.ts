import type { FrameworkRequirement } from '../../domain/framework.ts';

export const guardduty: readonly FrameworkRequirement[] = [
  {
    id: 'guardduty/detector',
    title: 'GuardDuty is on in each region in use',
    checks: ['guardduty-detector-enabled'],
  },
  {
    id: 'guardduty/eks-runtime',
    title: 'EKS is watched at run time with an agent that GuardDuty manages',
    checks: ['guardduty-eks-runtime-enabled', 'guardduty-eks-agent-managed'],
  },
  {
    id: 'guardduty/beyond',
    title: 'ECS and instances are watched at run time, audit logs are read, coverage is real',
    checks: [
      'guardduty-ecs-runtime-enabled',
      'guardduty-ec2-runtime-enabled',
      'guardduty-eks-audit-logs-enabled',
      'guardduty-malware-protection-enabled',
      'guardduty-coverage-healthy',
    ],
  },
  {
    id: 'guardduty/organization',
    title: 'New accounts of the organization are watched by themselves',
    checks: ['guardduty-members-auto-enabled'],
  },
  {
    id: 'guardduty/triage',
    title: 'What GuardDuty finds is dealt with in time',
    checks: ['guardduty-findings-triaged'],
  },
];
