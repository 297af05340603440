import {
  DescribeDaemonTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  paginateListTaskDefinitionFamilies,
} from '@aws-sdk/client-ecs';
import { known, type Observed, unknown } from '../../domain/observed.ts';
import type { CollectorContext, IamAction } from '../../domain/ports.ts';
import { type Listing, readListing } from './listing.ts';
import type { EcsTaskDefinitionRevision } from './model.ts';
import { tagsFrom } from './tags.ts';
import { daemonTaskDefinitionFrom, taskDefinitionFrom } from './task-definition.ts';
import type { DefinitionKind } from './uses.ts';

/** A revision with the tags of its task definition, where the operation returns any. */
export interface DescribedRevision {
  readonly definition: EcsTaskDefinitionRevision;
  readonly tags?: Readonly<Record<string, string>>;
}

/** How definitions of one kind are read. */
export interface DefinitionReader {
  readonly kind: DefinitionKind;
  /**
   * One revision; null where ECS has none to describe.
   *
   * @param reference `family` for the latest ACTIVE revision, `family:revision`, or the ARN of a revision
   */
  describe(reference: string): Promise<Observed<DescribedRevision | null>>;
}

/**
 * What ECS answers for a revision that it does not (or no longer) show. An INACTIVE revision can be described while
 * something that ECS knows still uses it.
 */
const NOT_DESCRIBABLE = ['ClientException'];

/** The families that have an ACTIVE revision. */
export function readActiveFamilies(context: CollectorContext): Promise<Listing<string>> {
  const client = context.clientFor(ECSClient);
  return readListing(
    context,
    'ecs:ListTaskDefinitionFamilies',
    () => paginateListTaskDefinitionFamilies({ client, pageSize: 100 }, { status: 'ACTIVE' }),
    (page) => page.families,
  );
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html */
export function taskDefinitionReader(context: CollectorContext): DefinitionReader {
  const client = context.clientFor(ECSClient);
  const operation = 'ecs:DescribeTaskDefinition';
  return {
    kind: 'task-definition',
    describe: async (reference) => {
      const answer = await context.readOptional(
        operation,
        NOT_DESCRIBABLE,
        () => client.send(new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ['TAGS'] })),
        { resource: uidOf(context, 'task-definition', reference) },
      );
      if (!answer.known) return answer;
      if (answer.value === null) return known(null);
      const { taskDefinition, tags } = answer.value;
      if (!isIdentified(taskDefinition?.taskDefinitionArn, taskDefinition)) {
        return reportIncomplete(context, operation, uidOf(context, 'task-definition', reference));
      }
      const definition = await taskDefinitionFrom(taskDefinition, context.classify);
      return known({ definition, tags: tagsFrom(tags) });
    },
  };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeDaemonTaskDefinition.html */
export function daemonTaskDefinitionReader(context: CollectorContext): DefinitionReader {
  const client = context.clientFor(ECSClient);
  const operation = 'ecs:DescribeDaemonTaskDefinition';
  return {
    kind: 'daemon-task-definition',
    describe: async (reference) => {
      const answer = await context.readOptional(
        operation,
        NOT_DESCRIBABLE,
        () => client.send(new DescribeDaemonTaskDefinitionCommand({ daemonTaskDefinition: reference })),
        { resource: uidOf(context, 'daemon-task-definition', reference) },
      );
      if (!answer.known) return answer;
      const definition = answer.value?.daemonTaskDefinition;
      if (answer.value === null) return known(null);
      if (!isIdentified(definition?.daemonTaskDefinitionArn, definition)) {
        return reportIncomplete(context, operation, uidOf(context, 'daemon-task-definition', reference));
      }
      return known({ definition: await daemonTaskDefinitionFrom(definition, context.classify) });
    },
  };
}

/** The ARN of a family, or of a revision where the reference has one. */
export function uidOf(
  { partition, region, accountId }: CollectorContext,
  kind: DefinitionKind,
  reference: string,
): string {
  if (reference.startsWith('arn:')) return reference;
  return `arn:${partition}:ecs:${region}:${accountId}:${kind}/${reference}`;
}

function isIdentified<T extends { family?: string | undefined; revision?: number | undefined }>(
  arn: string | undefined,
  definition: T | undefined,
): definition is T {
  return arn !== undefined && definition?.family !== undefined && definition.revision !== undefined;
}

function reportIncomplete(context: CollectorContext, operation: IamAction, resource: string): Observed<never> {
  const message = `${operation} answered with a definition that has no ARN, family or revision.`;
  context.reportGap({ operation, cause: 'invalid-answer', reason: message, resource });
  return unknown({ kind: 'unreadable', cause: 'invalid-answer', operation, message });
}
