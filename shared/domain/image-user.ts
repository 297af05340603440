import { type ContainerUser, parseContainerUser } from './container-user.ts';
import type { FactLookup } from './fact.ts';
import { ecrLocationOf, parseImageReference } from './image-reference.ts';
import { known, type Observed, type UnknownReason, undecidable, unknown } from './observed.ts';

/** As whom an image starts, where nothing else says it: the worst of the images under one name. */
export interface ImageUser {
  /** As the image gives it; null = it sets none, which is root. */
  readonly text: string | null;
  readonly isRoot: boolean;
  readonly parsed: ContainerUser | undefined;
}

const NOT_LOOKED_INTO = 'No user is set, so the image decides, and the image was not looked into.';

/**
 * The user of the images that run under a name, as task definitions and pods write it: what the images themselves say,
 * read by their digests. Root where one of them starts as root.
 *
 * @returns unknown where no image under that name was looked into, or one could not be read and none starts as root
 */
export function imageUserOf(image: string | undefined, facts: FactLookup): Observed<ImageUser> {
  const answer = facts.about('image-user', image ?? '');
  const users: ImageUser[] = [];
  let whyUnknown: UnknownReason | undefined;
  for (const { user } of answer.facts) {
    if (!user.known) {
      whyUnknown ??= user.reason;
      continue;
    }
    const parsed = parseContainerUser(user.value ?? undefined);
    users.push({ text: user.value, isRoot: parsed?.isRoot ?? true, parsed });
  }
  // One that starts as root is enough, whatever the others do.
  const root = users.find(({ isRoot }) => isRoot);
  if (root !== undefined) return known(root);
  if (whyUnknown !== undefined) return unknown(whyUnknown);
  if (users[0] !== undefined) return known(users[0]);
  const reference = image === undefined ? undefined : parseImageReference(image);
  const inEcr = reference !== undefined && ecrLocationOf(reference) !== undefined;
  const why = inEcr ? answer.whyIncomplete : undefined;
  return why?.kind === 'unreadable' ? unknown(why) : undecidable(NOT_LOOKED_INTO);
}
