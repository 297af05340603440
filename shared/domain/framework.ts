import type { ControlMap, FrameworkId } from './check.ts';

/** One requirement of a framework, under the framework's own id. */
export interface FrameworkRequirement {
  readonly id: string;
  /** What it asks for, in Hullcheck's own words: the texts of several frameworks are licensed. */
  readonly title: string;
  /** What a reader must know before relying on the mapping (not judged here, membership inferred). */
  readonly note?: string;
  /** What to do where no check answers; a requirement without a check must say it. */
  readonly byHand?: string;
  /** Checks that judge the same thing, where the framework names them and not the other way round. */
  readonly checks?: readonly string[];
  /** Checks that are related and may give another verdict. */
  readonly related?: readonly string[];
  /** Controls of AWS whose documentation names this requirement: the checks of these are related. */
  readonly through?: readonly string[];
  /** Checks that judge more than this requirement: of their failures, those count here whose evidence is about it. */
  readonly parts?: readonly RequirementPart[];
  /** Where its owner documents it, if not at the source of the framework. */
  readonly sourceUrl?: string;
  /** Requirements of other frameworks that the documentation of this one names beside it, as it names them. */
  readonly names?: ControlMap;
}

/** The part of a check that is about one requirement. */
export interface RequirementPart {
  readonly check: string;
  /** A regular expression on the path and the observed value of evidence. */
  readonly evidence: string;
  /**
   * True where a failure for another reason proves that this part is in order: the check fails only when it has read all
   * that this part asks for, and its evidence has everything that is wrong. Elsewhere the part may never have been
   * looked at.
   */
  readonly exhaustive?: boolean;
}

/** A framework as data. Checks name its requirements by id; the documentation and the reports join the two. */
export interface Framework {
  readonly id: FrameworkId;
  /** The name findings publish, without the version. */
  readonly name: string;
  readonly version: string;
  /** Where its owner publishes it. */
  readonly sourceUrl: string;
  /** Which part of it is here, where it is not the whole. */
  readonly subset?: string;
  /** True where nothing judges the same as it does: it has no tests of its own, or none that a check could repeat. */
  readonly relatedOnly?: boolean;
  /** In the framework's own order. */
  readonly requirements: readonly FrameworkRequirement[];
}

/**
 * The requirements of a framework that AWS names beside its own controls, so that no mapping is written twice.
 *
 * @param controls the controls of AWS with what their documentation names
 * @param titles in our own words by id, in the order of the framework
 */
export function requirementsNamedBy(
  controls: readonly FrameworkRequirement[],
  framework: FrameworkId,
  titles: Readonly<Record<string, string>>,
): readonly FrameworkRequirement[] {
  return Object.entries(titles).map(([id, title]) => {
    const naming = controls.filter(({ names }) => names?.[framework]?.includes(id) === true);
    const parts = mergedParts(naming.flatMap((control) => control.parts ?? []));
    return { id, title, through: naming.map((control) => control.id), ...(parts.length === 0 ? {} : { parts }) };
  });
}

/** What is about one of the controls is about the requirement that each of them names. */
function mergedParts(parts: readonly RequirementPart[]): readonly RequirementPart[] {
  return [...new Set(parts.map(({ check }) => check))].map((check) => {
    const own = parts.filter((part) => part.check === check);
    const evidence = [...new Set(own.map((part) => part.evidence))].join('|');
    return { check, evidence, ...(own.every(({ exhaustive }) => exhaustive === true) ? { exhaustive: true } : {}) };
  });
}
