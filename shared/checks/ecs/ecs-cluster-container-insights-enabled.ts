import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause } from '../../domain/verdict.ts';

/** Metrics and logs of tasks are what an incident is reconstructed from. */
export const ecsClusterContainerInsightsEnabled = defineCheck({
  id: 'ecs-cluster-container-insights-enabled',
  title: 'ECS clusters should use Container Insights',
  resourceType: 'AwsEcsCluster',
  baseSeverity: 'LOW',
  severityNote:
    'AWS rates ECS.12 MEDIUM; a missing metric makes an incident harder to see, but opens nothing to an attacker.',
  rationale:
    'Without Container Insights nobody sees that a task burns CPU, restarts or sends more than it should, and there is nothing to look back at after an incident.',
  remediation: {
    text: 'Set the cluster setting containerInsights to enhanced or enabled.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-12',
  },
  frameworks: { 'aws-fsbp': ['ECS.12'] },
  overlapsWith: ['ECS.12'],
  evaluate: ({ containerInsights }) => {
    const evidence = [
      { path: 'settings[containerInsights]', observed: containerInsights ?? null, expected: 'enabled' },
    ];
    switch (containerInsights) {
      case 'enabled':
      case 'enhanced':
        return passed();
      case 'disabled':
      case undefined:
        return failed('Container Insights is off', evidence);
      default:
        return unknownBecause(
          { kind: 'undecidable', message: 'The setting containerInsights has a value that Hullcheck does not know.' },
          evidence,
        );
    }
  },
});
