import { known, type UnknownReason } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import {
  type Evidence,
  notApplicable,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';

export type TaskDefinitionFamily = ResourceByType['AwsEcsTaskDefinition'];
export type RevisionInUse = TaskDefinitionFamily['revisionsInUse'][number];
export type TaskDefinitionRevision = Extract<RevisionInUse['definition'], { known: true }>['value'];
export type ContainerDefinition = TaskDefinitionRevision['containers'][number];

/** One revision with the launch types it really runs on, or could run on when nothing is known to run it. */
export interface JudgedRevision {
  readonly definition: TaskDefinitionRevision;
  readonly uses: RevisionInUse['uses'];
  readonly launchTypes: readonly string[];
  readonly windows: boolean;
}

/** The verdict on one revision; `revision` is missing where it could not be read. */
interface JudgedPart {
  readonly revision?: number;
  readonly verdict: Verdict;
}

/**
 * Judges a family by its worst revision in use, else by its latest active one. Where the uses could not all be
 * listed, the latest revision counts as well, and nothing but a failure is proven: another revision may be running. Nor
 * is a failure, where it is not known on what the tasks run and another platform would give another verdict.
 *
 * Evidence names a revision only where revisions differ, so that a rollout that changes no practice changes no finding.
 */
export function judgeRevisions(family: TaskDefinitionFamily, judge: (revision: JudgedRevision) => Verdict): Verdict {
  const none = notApplicable('the family has no active revision');
  const inUse = family.revisionsInUse.map((used) => judgePart(used.definition, used.uses, judge));
  const latest = family.latestActive;
  const latestCounts =
    inUse.length === 0 ||
    (!family.usesListed.known &&
      !(latest.known && family.revisionsInUse.some((used) => used.arn === latest.value?.arn)));
  const latestPart = (): JudgedPart => {
    if (!latest.known) return judgePart(latest, [], judge);
    const unlisted = family.usesListed.known ? undefined : family.usesListed.reason;
    return latest.value === null ? { verdict: none } : judgePart(known(latest.value), [], judge, unlisted);
  };
  const parts = latestCounts ? [...inUse, latestPart()] : inUse;
  return worstOf([...withRevisionsNamed(parts), ...notListed(family.usesListed)], none);
}

/** Judges every container of every revision; `judge` gets the evidence path of the container. */
export function judgeContainers(
  family: TaskDefinitionFamily,
  judge: (container: ContainerDefinition, path: string, revision: JudgedRevision) => Verdict,
): Verdict {
  return judgeRevisions(family, (revision) => worstOfContainers(revision, judge));
}

/** Judges only the revisions that services deploy: for what matters to services alone, whatever else runs them. */
export function judgeServiceRevisions(
  family: TaskDefinitionFamily,
  judge: (revision: JudgedRevision) => Verdict,
): Verdict {
  const parts = family.revisionsInUse.flatMap((used) => {
    const uses = used.uses.filter((use) => use.kind === 'service' || use.kind === 'task-set');
    return uses.length === 0 ? [] : [judgePart(used.definition, uses, judge)];
  });
  return worstOf(
    [...withRevisionsNamed(parts), ...notListed(family.servicesListed)],
    notApplicable('no service deploys the task definition'),
  );
}

/** The worst verdict over the containers of one revision. */
export function worstOfContainers(
  revision: JudgedRevision,
  judge: (container: ContainerDefinition, path: string, revision: JudgedRevision) => Verdict,
): Verdict {
  return worstOf(
    revision.definition.containers.map((container) =>
      judge(container, `containerDefinitions[${container.name}]`, revision),
    ),
    notApplicable('the task definition has no containers'),
  );
}

/** @param unlisted why there may be uses besides the given ones */
function judgePart(
  definition: RevisionInUse['definition'],
  uses: RevisionInUse['uses'],
  judge: (revision: JudgedRevision) => Verdict,
  unlisted?: UnknownReason,
): JudgedPart {
  const doubt = uses.find(({ platformUnknown }) => platformUnknown !== undefined)?.platformUnknown ?? unlisted;
  const verdict = whenKnown(definition, (value) => judgeWherever(judgedRevision(value, uses), judge, doubt));
  return definition.known ? { revision: definition.value.revision, verdict } : { verdict };
}

/** The verdict on a revision of which it may not be known on what it runs: that of all platforms, or UNKNOWN. */
function judgeWherever(
  revision: JudgedRevision,
  judge: (revision: JudgedRevision) => Verdict,
  doubt: UnknownReason | undefined,
): Verdict {
  const verdict = judge(revision);
  if (doubt === undefined) return verdict;
  const certain = revision.uses.filter(({ platformUnknown }) => platformUnknown === undefined);
  if (certain.length > 0) {
    const proven = judge(judgedRevision(revision.definition, certain));
    if (proven.status === 'FAILED') return proven;
  }
  const elsewhere = possiblePlatforms(revision).map((platform) => judge({ ...revision, ...platform }));
  return elsewhere.every(({ status }) => status === verdict.status) ? verdict : unknownBecause(doubt);
}

/** Windows is possible on instances of the account, where the definition does not say on what it runs. */
function possiblePlatforms({
  definition,
  launchTypes,
  windows,
}: JudgedRevision): readonly Pick<JudgedRevision, 'launchTypes' | 'windows'>[] {
  return launchTypes.flatMap((type) => {
    const mayBeEither = definition.operatingSystemFamily === undefined && (type === 'EC2' || type === 'EXTERNAL');
    return (mayBeEither ? [false, true] : [windows]).map((either) => ({ launchTypes: [type], windows: either }));
  });
}

function notListed(listed: TaskDefinitionFamily['usesListed']): readonly Verdict[] {
  return listed.known ? [] : [unknownBecause(listed.reason)];
}

/**
 * Puts the revision before the path of evidence that not every revision that was read gives, and gives the rest once.
 */
function withRevisionsNamed(parts: readonly JudgedPart[]): readonly Verdict[] {
  const read = parts.filter((part) => part.revision !== undefined);
  const counts = new Map<string, number>();
  for (const { verdict } of read) {
    for (const key of new Set(verdict.evidence.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const given = new Set<string>();
  return parts.map(({ revision, verdict }) => {
    const evidence = verdict.evidence.flatMap((item) => {
      const key = keyOf(item);
      if (counts.get(key) !== read.length) return [{ ...item, path: `revisions[${revision}].${item.path}` }];
      if (given.has(key)) return [];
      given.add(key);
      return [item];
    });
    return { ...verdict, evidence };
  });
}

function keyOf(evidence: Evidence): string {
  return JSON.stringify([evidence.path, evidence.observed, evidence.expected]);
}

function judgedRevision(definition: TaskDefinitionRevision, uses: RevisionInUse['uses']): JudgedRevision {
  const declared = definition.requiresCompatibilities.length > 0 ? definition.requiresCompatibilities : ['EC2'];
  // A use that does not say where it runs may run wherever the definition allows.
  const used = uses.flatMap((use) => (use.launchTypes.length > 0 ? use.launchTypes : declared));
  const launchTypes = [...new Set(uses.length > 0 ? used : declared)];
  const windows =
    definition.operatingSystemFamily?.startsWith('WINDOWS') === true ||
    (definition.operatingSystemFamily === undefined && uses.some((use) => use.onWindows === true));
  return { definition, uses, launchTypes, windows };
}
