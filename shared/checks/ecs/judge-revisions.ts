import type { ResourceByType } from '../../domain/resource.ts';
import { notApplicable, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';

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

/**
 * Judges a family by its worst revision in use, else by its latest active one. A revision that could not be read is
 * UNKNOWN unless another one already proves the failure. The revision is evidence, so that a rollout that changes no
 * practice changes no finding: `revision` stands only in the path of what FAILED.
 */
export function judgeRevisions(family: TaskDefinitionFamily, judge: (revision: JudgedRevision) => Verdict): Verdict {
  const inUse = family.revisionsInUse.map((used) =>
    whenKnown(used.definition, (definition) => judge(judgedRevision(definition, used.uses))),
  );
  // What could not be listed may run the latest revision, so it counts as well whenever use is not fully known.
  const latest =
    inUse.length > 0 && family.usesListed.known
      ? []
      : [
          whenKnown(family.latestActive, (definition) =>
            definition === null
              ? notApplicable('the family has no active revision')
              : judge(judgedRevision(definition, [])),
          ),
        ];
  return worstOf([...inUse, ...latest], notApplicable('the family has no active revision'));
}

/** Judges every container of every revision; `judge` gets the evidence path of the container. */
export function judgeContainers(
  family: TaskDefinitionFamily,
  judge: (container: ContainerDefinition, path: string, revision: JudgedRevision) => Verdict,
): Verdict {
  return judgeRevisions(family, (revision) =>
    worstOf(
      revision.definition.containers.map((container) =>
        judge(container, `containerDefinitions[${container.name}]`, revision),
      ),
      notApplicable('the task definition has no containers'),
    ),
  );
}

function judgedRevision(definition: TaskDefinitionRevision, uses: RevisionInUse['uses']): JudgedRevision {
  const used = [...new Set(uses.flatMap((use) => use.launchTypes))];
  const declared = definition.requiresCompatibilities.length > 0 ? definition.requiresCompatibilities : ['EC2'];
  const launchTypes = used.length > 0 ? used : declared;
  const windows =
    definition.operatingSystemFamily?.startsWith('WINDOWS') === true ||
    (definition.operatingSystemFamily === undefined && uses.some((use) => use.onWindows === true));
  return { definition, uses, launchTypes, windows };
}

/** True when nothing but Fargate runs (or may run) the revision. */
export function runsOnlyOnFargate(revision: JudgedRevision): boolean {
  return revision.launchTypes.every((type) => type === 'FARGATE');
}
