import type { Framework, FrameworkRequirement, RequirementPart } from '../domain/framework.ts';
import { type Answers, answersOf, type MappedCheck } from './answers.ts';
import {
  type Counts,
  type FrameworkResult,
  REQUIREMENT_STATUSES,
  type RequirementResult,
  type RequirementStatus,
} from './model.ts';
import { sumOf } from './tally.ts';
import type { WhatWasRead } from './what-was-read.ts';

/** More checks or places than that are counted and not named. */
const MAX_NAMED = 3;

/** What is known of the checks of a run. */
export interface CheckKnowledge extends WhatWasRead {
  /** Every check there is. */
  readonly checks: readonly MappedCheck[];
  /** The counts of a check, or only what is about a part of it. */
  readonly countsOf: (checkId: string, part?: RequirementPart) => Counts;
  readonly wasRun: (checkId: string) => boolean;
  /** How many findings of a check could not be judged and have no row. */
  readonly unjudgedOf?: (checkId: string) => number;
}

/** Every requirement of a framework, each once and in the framework's order. */
export function frameworkResult(framework: Framework, knowledge: CheckKnowledge): FrameworkResult {
  const requirements = framework.requirements.map((requirement) =>
    requirementResult(requirement, answersOf(framework, requirement, knowledge.checks), knowledge),
  );
  const byStatus = Object.fromEntries(
    REQUIREMENT_STATUSES.map((status) => [status, requirements.filter((one) => one.status === status).length]),
  ) as Record<RequirementStatus, number>;
  const { id, name, version, sourceUrl, subset } = framework;
  return { id, name, version, sourceUrl, ...(subset === undefined ? {} : { subset }), requirements, byStatus };
}

function requirementResult(
  { id, title, note, byHand, parts, through }: FrameworkRequirement,
  { same, related, lint }: Answers,
  knowledge: CheckKnowledge,
): RequirementResult {
  const basis = same.length > 0 ? 'same' : related.length > 0 ? 'related' : 'none';
  const checks = basis === 'same' ? same : related;
  const counts = sumOf(
    checks.map((check) =>
      knowledge.countsOf(
        check,
        parts?.find((part) => part.check === check),
      ),
    ),
  );
  const judged = sumOf(checks.map((check) => knowledge.countsOf(check)));
  const { status, because } = statusOf(checks, counts, judged, knowledge);
  const remark = [because, through && `through ${through.join(', ')}`, lintNote(lint), note]
    .filter((part) => part !== undefined)
    .join('; ');
  return {
    id,
    title,
    status,
    basis,
    checks,
    counts,
    ...(remark === '' ? {} : { remark }),
    ...(byHand !== undefined && basis === 'none' ? { byHand } : {}),
  };
}

/** A scan sees no Dockerfile: what only those show is judged nowhere in a report. */
function lintNote(lint: readonly string[]): string | undefined {
  if (lint.length === 0) return undefined;
  const which = lint.length > MAX_NAMED ? `${lint.length} checks` : lint.join(', ');
  return `Dockerfiles are judged by hullcheck lint, not here (${which})`;
}

/**
 * One failure fails it. What was not read may hide one, so that passing takes reading everything; no resources at all
 * is no pass either.
 *
 * @param judged the counts of the checks as a whole
 */
function statusOf(
  checks: readonly string[],
  counts: Counts,
  judged: Counts,
  { wasRun, wasReadWhole, notScanned, leftOut, unjudgedOf = () => 0 }: CheckKnowledge,
): { readonly status: RequirementStatus; readonly because?: string } {
  if (checks.length === 0) return { status: 'NOT_AUTOMATED' };
  if (counts.FAILED > 0) {
    return counts.FAILED === counts.waived
      ? { status: 'FAIL', because: 'every failure is accepted by a waiver' }
      : { status: 'FAIL' };
  }
  if (judged.UNKNOWN > 0 || checks.some((check) => unjudgedOf(check) > 0))
    return { status: 'UNKNOWN', because: 'some resources could not be judged' };
  if (counts.UNKNOWN > 0)
    return {
      status: 'UNKNOWN',
      because: 'some resources fail for another reason: whether for this one too is not known',
    };
  if (!checks.every(wasRun)) return { status: 'UNKNOWN', because: 'not all of its checks were run' };
  if (!checks.every(wasReadWhole)) return { status: 'UNKNOWN', because: 'not everything could be read' };
  const unscanned = new Set(checks.flatMap((check) => notScanned(check) ?? []));
  if (unscanned.size > 0)
    return { status: 'UNKNOWN', because: `not looked at: nothing was scanned of ${[...unscanned].join(', ')}` };
  if (counts.stale > 0) return { status: 'UNKNOWN', because: 'some resources were not looked at again' };
  const without = withoutNote(new Set(checks.flatMap(leftOut)));
  if (counts.PASSED > 0) return { status: 'PASS', ...(without === undefined ? {} : { because: without }) };
  const because =
    counts.NOT_APPLICABLE > 0
      ? 'its checks say of every resource that they do not apply; the findings say why'
      : 'there is no resource that it applies to';
  return { status: 'NOT_APPLICABLE', because: [because, without].filter((part) => part !== undefined).join('; ') };
}

/** What was left out on purpose makes nothing unknown, and nobody has looked at it: a reader has to know. */
function withoutNote(places: ReadonlySet<string>): string | undefined {
  if (places.size === 0) return undefined;
  const which = places.size > MAX_NAMED ? `${places.size} regions of accounts` : [...places].join(', ');
  return `left out on purpose and not looked at: ${which}`;
}
