import { parseContainerUser } from '../../domain/container-user.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { EcsRevisionUse, EcsTaskDefinitionFamily, RunningImageFact } from './model.ts';
import { runningImageFact } from './running-images.ts';

/** The images that rules and schedules start from a family. */
export interface StartedImages {
  readonly facts: readonly RunningImageFact[];
  /** False where a revision could not be read, which may name another image. */
  readonly complete: boolean;
}

/**
 * Images that run between two looks, or at night: nothing runs them now, and they are in use all the same. Which digest
 * a tag names is decided when the task starts.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 */
export function startedImagesOf(context: CollectorContext, { revisionsInUse }: EcsTaskDefinitionFamily): StartedImages {
  const facts = new Map<string, RunningImageFact>();
  let complete = true;
  for (const { uses, definition } of revisionsInUse) {
    for (const { by: usedBy } of uses.filter(isStarter)) {
      complete &&= definition.known;
      if (!definition.known) continue;
      const { containers, cpuArchitecture } = definition.value;
      for (const { image, user } of containers) {
        const setsUser = parseContainerUser(user)?.isRoot === false;
        const fact = runningImageFact(context, { image, digest: undefined, usedBy, cpuArchitecture, setsUser });
        if (fact === undefined) continue;
        // Of two containers with one image, one that leaves the user to it is enough.
        const key = `${fact.image} ${usedBy}`;
        if (facts.get(key)?.startsAs !== undefined || !facts.has(key)) {
          facts.set(key, { ...fact, startedLater: true });
        }
      }
    }
  }
  return { facts: [...facts.values()], complete };
}

function isStarter({ kind }: EcsRevisionUse): boolean {
  return kind === 'event-rule' || kind === 'schedule';
}
