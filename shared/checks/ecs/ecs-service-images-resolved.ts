import { defineCheck } from '../../domain/check.ts';
import {
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';
import { isDeployedByEcs, type Service } from './judge-services.ts';

type Definition = NonNullable<Extract<Service['taskDefinition'], { known: true }>['value']>;
type Container = Definition['containers'][number];

/** With the tag resolved once, all tasks of a deployment run the same image, whatever happens to the tag. */
export const ecsServiceImagesResolved = defineCheck({
  id: 'ecs-service-images-resolved',
  title: 'ECS services should resolve image tags to digests when they are deployed',
  resourceType: 'AwsEcsService',
  baseSeverity: 'LOW',
  rationale:
    'Without version consistency every new task pulls what the tag points to at that moment: tasks of one service differ, and an unreviewed image can enter by scaling out.',
  remediation: {
    text: 'Remove versionConsistency "disabled" from the container definitions (enabled is the default), or name images by digest, and deploy again.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability',
  },
  limits:
    'It is as severe where the registry lets nobody move a tag; whether it does is judged by ecr-repository-tags-immutable.',
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.2.2'] },
  evaluate: (service) => {
    if (!isDeployedByEcs(service)) return notApplicable('ECS does not deploy the revisions of the service');
    return whenKnown(service.taskDefinition, (definition) =>
      definition === null
        ? notApplicable('the service has no task definition')
        : worstOf(
            definition.containers.map((container) => judgeContainer(container, service)),
            notApplicable('the task definition has no containers'),
          ),
    );
  },
});

function judgeContainer(container: Container, service: Service): Verdict {
  if (container.image.includes('@sha256:')) return passed();
  const path = `containerDefinitions[${container.name}].versionConsistency`;
  const { versionConsistency } = container;
  const evidence = [{ path, observed: versionConsistency ?? null, expected: 'enabled' }];
  if (versionConsistency === 'disabled') return failed('an image tag is not resolved to a digest', evidence);
  if (versionConsistency !== undefined && versionConsistency !== 'enabled') {
    return unknownBecause(
      { kind: 'undecidable', message: `${path} has a value that Hullcheck does not know.` },
      evidence,
    );
  }
  return judgeResolution(container, service);
}

/** Enabled is an intention; an agent that is too old leaves the digest empty. */
function judgeResolution(container: Container, service: Service): Verdict {
  return whenKnown(service.currentRevision, (revision) => {
    const resolved = revision?.containerImages.find((image) => image.containerName === container.name);
    if (resolved?.imageDigest !== undefined) return passed();
    return unknownBecause(
      { kind: 'undecidable', message: 'ECS has not recorded the digest of an image of the deployed revision.' },
      [
        {
          path: `serviceRevision.containerImages[${container.name}].imageDigest`,
          observed: null,
          expected: 'a digest',
        },
      ],
    );
  });
}
