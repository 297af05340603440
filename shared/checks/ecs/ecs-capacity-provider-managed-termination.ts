import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause } from '../../domain/verdict.ts';

const PATH = 'autoScalingGroupProvider.managedTerminationProtection';

/** Scale-in should not pull an instance away from under running tasks. */
export const ecsCapacityProviderManagedTermination = defineCheck({
  id: 'ecs-capacity-provider-managed-termination',
  title: 'ECS capacity providers should have managed termination protection on',
  resourceType: 'AwsEcsCapacityProvider',
  baseSeverity: 'INFORMATIONAL',
  severityNote: 'AWS rates ECS.19 MEDIUM; it is about availability, not about an attacker.',
  rationale:
    'Without managed termination protection a scale-in may end instances whose tasks are in the middle of their work, because the Auto Scaling group does not know about tasks.',
  remediation: {
    text: 'Switch managed scaling and managed termination protection on in the capacity provider, and instance scale-in protection in its Auto Scaling group.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-19',
  },
  frameworks: { 'aws-fsbp': ['ECS.19'] },
  overlapsWith: ['ECS.19'],
  evaluate: ({ autoScalingGroup }) => {
    if (autoScalingGroup === undefined) return notApplicable('the capacity provider has no Auto Scaling group');
    const { managedTerminationProtection } = autoScalingGroup;
    const evidence = [{ path: PATH, observed: managedTerminationProtection ?? null, expected: 'ENABLED' }];
    switch (managedTerminationProtection) {
      case 'ENABLED':
        return passed();
      case 'DISABLED':
      case undefined:
        return failed('managed termination protection is off', evidence);
      default:
        return unknownBecause(
          { kind: 'undecidable', message: `${PATH} has a value that Hullcheck does not know.` },
          evidence,
        );
    }
  },
});
