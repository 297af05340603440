import { readTargetRevision } from '../../collectors/ecs/target-revision.ts';
import type { GateRequest } from './gate.ts';
import { type GateDependencies, gateContext } from './looking.ts';

const ARN = /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):(\d{12}):service-revision\//;

/**
 * What a deployment asks of the gate: the task definition of its target revision, with the digests that ECS has resolved.
 *
 * @returns also when the revision was made, which is when its deployment began
 */
export async function requestOfRevision(
  arn: string,
  dependencies: GateDependencies,
): Promise<{ readonly request: GateRequest; readonly createdAt?: Date }> {
  const unseen = (because: string) => ({
    request: { is: 'unseen', kind: 'task-definition', name: arn, because } as const,
  });
  const [, region, accountId] = ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined) return unseen('this is not the ARN of a service revision');
  const target = dependencies.targetOf({ accountId, region });
  if ('because' in target) return unseen(target.because);
  const read = await readTargetRevision(gateContext(target, dependencies), arn);
  if (!read.known) return unseen(read.reason.message.replace(/\.$/, ''));
  if (read.value === null) return unseen('ECS knows no such service revision');
  const { taskDefinitionArn, digests, createdAt } = read.value;
  return {
    request: { is: 'task-definition', arn: taskDefinitionArn, digests },
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}
