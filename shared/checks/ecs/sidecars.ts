import { parseImageReference } from '../../domain/image-reference.ts';
import { vendorImageOf } from '../../domain/vendor-images.ts';
import type { ContainerDefinition, TaskDefinitionRevision } from './judge-revisions.ts';

/**
 * What a container does for the others of its task, by the structure of the definition. Its name proves nothing:
 * anyone may call a container `log_router`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_FirelensConfiguration.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ProxyConfiguration.html
 */
export function sidecarRole(
  container: ContainerDefinition,
  definition: TaskDefinitionRevision,
): 'log-router' | 'proxy' | undefined {
  if (container.firelensType !== undefined) return 'log-router';
  if (definition.proxyContainerName === container.name) return 'proxy';
  return undefined;
}

/**
 * True for the FireLens router of AWS in its init variant, which writes its configuration below `/init` when it starts
 * and so cannot have a read-only root file system.
 *
 * @see https://github.com/aws/aws-for-fluent-bit/issues/928
 */
export function isFluentBitInit(container: ContainerDefinition, definition: TaskDefinitionRevision): boolean {
  const reference = parseImageReference(container.image);
  return (
    sidecarRole(container, definition) === 'log-router' &&
    reference !== undefined &&
    vendorImageOf(reference)?.purpose === 'log-router' &&
    reference.tag?.startsWith('init-') === true
  );
}
