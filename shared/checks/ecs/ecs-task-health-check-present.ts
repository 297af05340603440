import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import { type ContainerDefinition, type JudgedRevision, judgeServiceRevisions } from './judge-revisions.ts';
import { sidecarRole } from './sidecars.ts';

/** Only services replace what is unhealthy: a task that was run by hand goes on whatever its health says. */
export const ecsTaskHealthCheckPresent = defineCheck({
  id: 'ecs-task-health-check-present',
  title: 'ECS task definitions that services deploy should have a health check for every essential container',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  rationale:
    'Without a health check a service keeps tasks whose process runs but no longer works, and calls a broken deployment complete.',
  limits:
    'FireLens routers and proxies need none. A HEALTHCHECK in the image does not count, because the ECS agent does not watch it.',
  remediation: {
    text: 'Set healthCheck in the definition of every essential container, or register the container with a load balancer of the service.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html',
  },
  frameworks: {},
  evaluate: (family) =>
    judgeServiceRevisions(family, (revision) =>
      worstOf(
        revision.definition.containers
          .filter((container) => container.essential && sidecarRole(container, revision.definition) === undefined)
          .map((container) => judgeContainer(container, revision)),
        notApplicable('every essential container is a FireLens router or a proxy'),
      ),
    ),
});

function judgeContainer(container: ContainerDefinition, revision: JudgedRevision): Verdict {
  const { healthCheck } = container;
  if (healthCheck?.disabled === false) return passed();
  // One service without a load balancer is enough to leave its tasks unwatched.
  if (revision.uses.every((use) => use.loadBalancedContainers?.includes(container.name))) return passed();
  return failed(healthCheck === undefined ? 'no health check is set' : 'the health check is switched off', [
    {
      path: `containerDefinitions[${container.name}].healthCheck.command`,
      observed: healthCheck === undefined ? null : ['NONE'],
      expected: 'a health check of the container or of a load balancer',
    },
  ]);
}
