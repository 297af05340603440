import type { Framework, FrameworkRequirement } from '../domain/framework.ts';
import { type Answers, answersOf, type MappedCheck } from './answers.ts';
import {
  type Counts,
  type FrameworkResult,
  REQUIREMENT_STATUSES,
  type RequirementResult,
  type RequirementStatus,
} from './model.ts';
import { sumOf } from './tally.ts';

/** What is known of the checks of a run. */
export interface CheckKnowledge {
  /** Every check there is. */
  readonly checks: readonly MappedCheck[];
  readonly countsOf: (checkId: string) => Counts;
  readonly wasRun: (checkId: string) => boolean;
  /** Whether everything was read that the check has to see. */
  readonly wasReadWhole: (checkId: string) => boolean;
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
  { id, title, note, byHand }: FrameworkRequirement,
  { same, related }: Answers,
  knowledge: CheckKnowledge,
): RequirementResult {
  const basis = same.length > 0 ? 'same' : related.length > 0 ? 'related' : 'none';
  const checks = basis === 'same' ? same : related;
  const counts = sumOf(checks.map(knowledge.countsOf));
  const { status, because } = statusOf(checks, counts, knowledge);
  const remark = [because, note].filter((part) => part !== undefined).join('; ');
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

/**
 * One failure fails it. What was not read may hide one, so that passing takes reading everything; no resources at all
 * is no pass either.
 */
function statusOf(
  checks: readonly string[],
  counts: Counts,
  { wasRun, wasReadWhole }: CheckKnowledge,
): { readonly status: RequirementStatus; readonly because?: string } {
  if (checks.length === 0) return { status: 'NOT_AUTOMATED' };
  if (counts.FAILED > 0) {
    return counts.FAILED === counts.waived
      ? { status: 'FAIL', because: 'every failure is accepted by a waiver' }
      : { status: 'FAIL' };
  }
  if (counts.UNKNOWN > 0) return { status: 'UNKNOWN', because: 'some resources could not be judged' };
  if (!checks.every(wasRun)) return { status: 'UNKNOWN', because: 'not all of its checks were run' };
  if (!checks.every(wasReadWhole)) return { status: 'UNKNOWN', because: 'not everything could be read' };
  if (counts.stale > 0) return { status: 'UNKNOWN', because: 'some resources were not looked at again' };
  return counts.PASSED > 0
    ? { status: 'PASS' }
    : { status: 'NOT_APPLICABLE', because: 'there is nothing it applies to' };
}
