/** The user a container is told to run as, taken apart. */
export interface ContainerUser {
  /** What stands before the colon: a name or a number as it was written; empty when only a group is given. */
  readonly user: string;
  /** What stands after the colon. */
  readonly group?: string;
  /** True when the user is root by its name or its number. */
  readonly isRoot: boolean;
  /** True when the primary group is root's; says nothing where no group is given. */
  readonly isRootGroup: boolean;
  /** True for a user given by name: only the image's /etc/passwd says which number it has. */
  readonly isNamed: boolean;
}

/** How runtimes read a number here: `00` and `+0` are zero as well. */
const NUMBER = /^[+-]?\d+$/;

/**
 * Reads the user of a container in any of the forms `user`, `uid`, `user:group`, `uid:gid`, `user:gid`, `uid:group`.
 * A group without a user (`:1000`) leaves the runtime's default user, which is root.
 *
 * @returns undefined when no user is set, which is what an empty text means too
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function parseContainerUser(text: string | undefined): ContainerUser | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const [user = '', group] = text.trim().split(':');
  return {
    user,
    ...(group === undefined ? {} : { group }),
    isRoot: user === '' || isRootName(user),
    isRootGroup: group !== undefined && isRootName(group),
    isNamed: user !== '' && !NUMBER.test(user),
  };
}

function isRootName(text: string): boolean {
  return text === 'root' || (NUMBER.test(text) && Number(text) === 0);
}
