import type { FrameworkId } from './check.ts';

/** One requirement of a framework, under the framework's own id. */
export interface FrameworkRequirement {
  readonly id: string;
  /** What it asks for, in Hullcheck's own words: the texts of several frameworks are licensed. */
  readonly title: string;
  /** What a reader must know before relying on the mapping (not judged here, membership inferred). */
  readonly note?: string;
}

/** A framework as data. Checks name its requirements by id; the documentation and the reports join the two. */
export interface Framework {
  readonly id: FrameworkId;
  /** The name findings publish, without the version. */
  readonly name: string;
  readonly version: string;
  /** Where its owner publishes it. */
  readonly sourceUrl: string;
  /** In the framework's own order. */
  readonly requirements: readonly FrameworkRequirement[];
}
