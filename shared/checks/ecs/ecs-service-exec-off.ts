import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';

/** ECS Exec is a root shell into production for everyone who may call one API. */
export const ecsServiceExecOff = defineCheck({
  id: 'ecs-service-exec-off',
  title: 'ECS services should not have ECS Exec switched on',
  resourceType: 'AwsEcsService',
  baseSeverity: 'MEDIUM',
  rationale:
    'ECS Exec opens a shell as root in a running container to whoever may call ecs:ExecuteCommand, past every review of what runs in production.',
  remediation: {
    text: 'Update the service with enableExecuteCommand false and force a new deployment; switch it on for the length of an investigation only.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.3.1'] },
  evaluate: (service) =>
    service.enableExecuteCommand
      ? failed('ECS Exec is switched on', [{ path: 'enableExecuteCommand', observed: true, expected: false }])
      : passed(),
});
