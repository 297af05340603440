import type { EcsState, RegisteredTaskDefinition } from '../world/ecs-state.ts';
import type { SeededService } from './ecs-services.ts';
import { pulledDigest } from './ecs-tasks.ts';

/** Services whose instances run an agent too old to report which digest it pulled. */
const unresolved = ['legacy-billing'];

/** What ECS wrote down when it deployed the services: for each the images, with the digests behind their tags. */
export function revisionsOf(
  services: readonly SeededService[],
  definitions: readonly RegisteredTaskDefinition[],
): EcsState['serviceRevisions'] {
  return services.flatMap((service) =>
    (service.currentServiceRevisions ?? []).map(({ arn }) => ({
      serviceRevisionArn: arn ?? '',
      serviceArn: service.serviceArn,
      clusterArn: service.clusterArn,
      taskDefinition: service.taskDefinition,
      launchType: service.launchType,
      platformVersion: service.platformVersion,
      platformFamily: service.platformFamily,
      networkConfiguration: service.networkConfiguration,
      containerImages: imagesOf(service, definitions),
      guardDutyEnabled: false,
      createdAt: new Date('2026-10-12T14:03:21.127Z'),
    })),
  );
}

function imagesOf(service: SeededService, definitions: readonly RegisteredTaskDefinition[]) {
  const deployed = definitions.find(
    ({ taskDefinition }) => taskDefinition.taskDefinitionArn === service.taskDefinition,
  );
  return (deployed?.taskDefinition.containerDefinitions ?? []).map(({ name, image, versionConsistency }) => ({
    containerName: name,
    image,
    ...(unresolved.includes(service.serviceName) || versionConsistency === 'disabled'
      ? {}
      : { imageDigest: pulledDigest(image ?? '') }),
  }));
}
