import type { ZodType } from 'zod';
import type { FactLookup, FactNeed } from './fact.ts';
import type { ResourceByType, ResourceType } from './resource.ts';
import type { Severity } from './severity.ts';
import type { Verdict } from './verdict.ts';

/** The areas of the catalogue; a check's id begins with its area, and its file lives in the folder of that name. */
export const CHECK_AREAS = [
  'ecr',
  'image',
  'dockerfile',
  'ecs',
  'eks',
  'workload',
  'namespace',
  'cluster',
  'network',
  'identity',
  'guardduty',
  'inspector',
] as const;
export type CheckArea = (typeof CHECK_AREAS)[number];

/** The frameworks a check may name; `shared/frameworks/` holds their control ids. */
export type FrameworkId =
  | 'aws-fsbp'
  | 'aws-security-hub'
  | 'cis-aws-5.0.0'
  | 'cis-eks-1.8.0'
  | 'hullcheck-practices'
  | 'nist-800-190'
  | 'nist-800-53-r5'
  | 'pci-dss-4.0.1'
  | 'pod-security-standards';
export type ControlMap = { readonly [F in FrameworkId]?: readonly string[] };

/** What a check may see besides the resource. No client, no clock, no logger, no environment. */
export interface CheckContext<P = unknown> {
  /** The time of the scan: compare with it, never put an age computed from it into evidence. */
  readonly now: Date;
  readonly parameters: P;
  readonly facts: FactLookup;
}

/** A check is a value: metadata and a pure, total function. */
export interface Check<T extends ResourceType = ResourceType, P = unknown> {
  /** `<area>-<resource?>-<expected-state>`: names the good state, equals the file name, never changes. */
  readonly id: string;
  /** "ECR repositories should …": Security Hub's style of title. No resource name in it. */
  readonly title: string;
  readonly resourceType: T;
  readonly baseSeverity: Severity;
  /** Why AWS rates its own control differently, where it does. */
  readonly severityNote?: string;
  /** True where the harm does not depend on whether the resource runs; otherwise "not in use" lowers one step. */
  readonly severityIndependentOfUse?: boolean;
  /** Facts of other units that the check joins. */
  readonly needs?: readonly FactNeed[];
  /** The risk, in at most 400 characters. */
  readonly rationale: string;
  /** What the check cannot see, for `checks explain` and the docs page. */
  readonly limits?: string;
  readonly remediation: { readonly text: string; readonly url: string };
  /** Controls that judge the same thing. */
  readonly frameworks: ControlMap;
  /** Controls that are related but may give another verdict. */
  readonly relatedControls?: ControlMap;
  /** AWS's own Security Hub controls that judge the same thing: candidates for `onOverlap`. */
  readonly overlapsWith?: readonly string[];
  readonly parameters?: ZodType<P>;
  /** Earlier ids of the same check. */
  readonly aliases?: readonly string[];
  /** The version of the built-in exemptions that its verdicts honour; put there when checks are selected. */
  readonly exemptions?: string;
  readonly deprecated?: { readonly since: string; readonly replacedBy?: string };
  /** Pure and total. Method syntax on purpose: a `Check<'AwsEcrRepository'>` is assignable to `Check`. */
  evaluate(resource: ResourceByType[T], context: CheckContext<P>): Verdict;
}

/** Keeps the literal types of a check; does nothing else. */
export function defineCheck<const T extends ResourceType, P = undefined>(check: Check<T, P>): Check<T, P> {
  return check;
}

/** The area a check id begins with, or undefined if it begins with none. */
export function areaOf(checkId: string): CheckArea | undefined {
  return CHECK_AREAS.find((area) => checkId.startsWith(`${area}-`));
}
