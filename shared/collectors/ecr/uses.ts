import { ecrRepositoryKey, parseImageReference } from '../../domain/image-reference.ts';
import { known, type Observed, type UnknownReason, undecidable, unknown } from '../../domain/observed.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { InUse } from '../../domain/resource.ts';
import type { RepositoryImagesFact } from './model.ts';

/** Who runs images of one repository, as far as the facts of earlier collectors tell. */
export interface RepositoryUses {
  readonly inUse: InUse;
  readonly usedBy: readonly string[];
  readonly usedByCount: number;
  readonly digests: ReadonlySet<string>;
  readonly deployedTags: readonly string[];
  /** Tags that rules and schedules start: what they name now is in use. */
  readonly startedTags: ReadonlySet<string>;
  readonly runsUnknownDigest: boolean;
  readonly usesListed: Observed<true>;
}

const USERS_KEPT = 10;

/**
 * The same for a second look between scans. Where those who ran images of the repository at the last look have said
 * nothing since that is still believed, they run what they ran: that nobody tells of them is no news.
 *
 * @param earlier what was stated of the repository last
 */
export function usesSince(
  context: CollectorContext,
  repository: string,
  earlier: RepositoryImagesFact | undefined,
): RepositoryUses {
  const uses = usesOf(context, repository);
  if (earlier === undefined || isHeardOf(context, earlier)) return uses;
  const running = earlier.images.known ? earlier.images.value.running : [];
  const users = sorted(new Set([...uses.usedBy, ...(earlier.use.usedBy ?? [])]));
  return {
    ...uses,
    inUse: earlier.use.inUse,
    usedBy: users.slice(0, USERS_KEPT),
    usedByCount: Math.max(users.length, earlier.use.usedByCount ?? 0),
    digests: new Set([...uses.digests, ...running.map(({ digest }) => digest)]),
    runsUnknownDigest: uses.runsUnknownDigest || earlier.runsUnknownDigest,
  };
}

/** Whether the accounts and regions of all its users have stated what runs there. */
function isHeardOf(
  { facts }: CollectorContext,
  { use: { usedBy = [], usedByCount = 0 } }: RepositoryImagesFact,
): boolean {
  if (usedByCount > usedBy.length) return facts.about('running-image').complete;
  return usedBy.every((arn) => {
    const [, , , region, accountId] = arn.split(':');
    return accountId !== undefined && region !== undefined
      ? facts.about('running-image', undefined, { accountId, region }).complete
      : false;
  });
}

/**
 * Joins the running images of the whole scan with one repository. "Not in use" is said only when everything that could
 * run an image was read: an EKS cluster whose pods were not read (in this scan, or at all) may run any of them.
 */
export function usesOf(context: CollectorContext, repository: string): RepositoryUses {
  const { accountId, region } = context;
  const running = context.facts.about('running-image', ecrRepositoryKey({ accountId, region, repository }));
  const { facts } = running;
  const digests = new Set<string>();
  const [deployedTags, startedTags] = [new Set<string>(), new Set<string>()];
  let runsUnknownDigest = false;
  // Tasks say which digest runs where their service revision does not.
  const seen = new Set(
    facts.filter(({ digest }) => digest !== undefined).map(({ usedBy, image }) => `${usedBy} ${image}`),
  );
  for (const { image, digest, usedBy, startedLater } of facts) {
    const reference = parseImageReference(image);
    const runningDigest = digest ?? reference?.digest;
    if (runningDigest !== undefined) digests.add(runningDigest);
    else if (startedLater) startedTags.add(reference?.tag ?? 'latest');
    else if (!seen.has(`${usedBy} ${image}`)) runsUnknownDigest = true;
    if (reference !== undefined && reference.digest === undefined) deployedTags.add(reference.tag ?? 'latest');
  }
  const users = sorted(new Set(facts.map((fact) => fact.usedBy)));
  const usesListed = listedUses(running.whyIncomplete, context);
  return {
    inUse: facts.length > 0 ? 'yes' : usesListed.known ? 'no' : 'unknown',
    usedBy: users.slice(0, USERS_KEPT),
    usedByCount: users.length,
    digests,
    deployedTags: sorted(deployedTags),
    startedTags,
    runsUnknownDigest,
    usesListed,
  };
}

function listedUses(whyIncomplete: UnknownReason | undefined, { facts }: CollectorContext): Observed<true> {
  if (whyIncomplete !== undefined) return unknown(whyIncomplete);
  const clusters = facts.about('eks-cluster');
  const insides = new Set(facts.about('kubernetes-cluster').facts.map(({ key }) => key));
  if (!clusters.facts.every(({ key }) => insides.has(key))) {
    return undecidable('What the pods of the EKS clusters run was not read.');
  }
  return clusters.whyIncomplete === undefined ? known(true) : unknown(clusters.whyIncomplete);
}

function sorted(values: ReadonlySet<string>): string[] {
  return [...values].sort(compareCodeUnits);
}
