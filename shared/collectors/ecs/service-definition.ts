import { type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ReadFamily } from './families.ts';
import type { EcsTaskDefinitionRevision } from './model.ts';
import { taskDefinitionArnOf } from './service-resources.ts';
import type { DescribedService } from './services.ts';
import { parseDefinitionReference } from './uses.ts';

/** The family of the definition that a service deploys; undefined where it names none. */
export function familyOf(context: CollectorContext, service: DescribedService): string | undefined {
  const arn = taskDefinitionArnOf(service);
  return arn === undefined ? undefined : parseDefinitionReference(arn, context)?.family;
}

/** The definition that a service deploys, out of the revisions of its family. */
export function definitionFor(
  context: CollectorContext,
  service: DescribedService,
  { revisions }: ReadFamily,
): Observed<EcsTaskDefinitionRevision | null> {
  const { revision } = parseDefinitionReference(taskDefinitionArnOf(service) ?? '', context) ?? {};
  const found = revision === undefined ? undefined : revisions.get(revision);
  if (found === undefined || (found.known && found.value === null)) {
    return undecidable('ECS does not show the task definition of the service any more.');
  }
  return found;
}
