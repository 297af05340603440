import { DescribeServiceRevisionsCommand, ECSClient } from '@aws-sdk/client-ecs';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';

/** What a deployment is about to run. */
export interface TargetRevision {
  readonly taskDefinitionArn: string;
  /** The digests that ECS has resolved, by the image as the task definition names it. */
  readonly digests: ReadonlyMap<string, string>;
  readonly createdAt?: Date;
}

/**
 * One service revision, whether it runs already or not.
 *
 * @returns null where ECS does not know it, or does not say which task definition it has
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html
 */
export async function readTargetRevision(
  context: CollectorContext,
  arn: string,
): Promise<Observed<TargetRevision | null>> {
  const answer = await context.read(
    'ecs:DescribeServiceRevisions',
    () => context.clientFor(ECSClient).send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] })),
    { resource: arn },
  );
  return mapObserved(answer, ({ serviceRevisions }) => {
    const { taskDefinition, containerImages = [], createdAt } = serviceRevisions?.[0] ?? {};
    if (taskDefinition === undefined) return null;
    const digests = containerImages.flatMap(({ image, imageDigest }) =>
      image === undefined || imageDigest === undefined ? [] : [[image, imageDigest] as const],
    );
    return {
      taskDefinitionArn: taskDefinition,
      digests: new Map(digests),
      ...(createdAt === undefined ? {} : { createdAt }),
    };
  });
}
