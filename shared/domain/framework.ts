import type { FrameworkId } from './check.ts';

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
