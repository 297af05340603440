import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';

/** A deregistered revision runs on, scales out, and is missing from every list of what is in use. */
export const ecsServiceRevisionActive = defineCheck({
  id: 'ecs-service-revision-active',
  title: 'ECS services should run an active task definition revision',
  resourceType: 'AwsEcsService',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'Somebody deregistered the revision, perhaps because it must not run any more, but the service keeps starting tasks from it; lists of active revisions do not show it.',
  remediation: {
    text: 'Update the service to an active revision of the task definition.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.4.5'] },
  evaluate: (service) =>
    whenKnown(service.taskDefinition, (definition) => {
      if (definition === null) return notApplicable('the service has no task definition');
      const evidence = [{ path: 'taskDefinition.status', observed: definition.status, expected: 'ACTIVE' }];
      switch (definition.status) {
        case 'ACTIVE':
          return passed();
        case 'INACTIVE':
        case 'DELETE_IN_PROGRESS':
          return failed('the task definition revision is not active any more', evidence);
        default:
          return unknownBecause(
            { kind: 'undecidable', message: 'The task definition has a status that Hullcheck does not know.' },
            evidence,
          );
      }
    }),
});
