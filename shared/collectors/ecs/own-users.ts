import { parseContainerUser } from '../../domain/container-user.ts';
import type { EcsTaskDefinitionFamily } from './model.ts';

/** Containers of revisions in use that set a user of their own other than root, whatever their image says. */
export class OwnUsers {
  readonly #containers = new Set<string>();

  add({ revisionsInUse }: EcsTaskDefinitionFamily): void {
    for (const { arn, definition } of revisionsInUse) {
      for (const { name, user } of definition.known ? definition.value.containers : []) {
        if (parseContainerUser(user)?.isRoot === false) this.#containers.add(`${arn} ${name}`);
      }
    }
  }

  /** @param definitionArn with its revision */
  has(definitionArn: string | undefined, container: string): boolean {
    return this.#containers.has(`${definitionArn} ${container}`);
  }
}
