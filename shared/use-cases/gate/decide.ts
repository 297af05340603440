import type { Finding, WaiverReference } from '../../domain/finding.ts';
import {
  CLAUSE_OF_CHECK,
  type GateJudgement,
  type GateLook,
  type GateObjection,
  type GatePolicy,
} from '../../domain/gate.ts';
import { isAtLeast } from '../../domain/severity.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { CHECK_ERROR_PREFIX } from '../../engine/evaluate.ts';
import { objectionsToImages } from './image-clauses.ts';

export interface DecideContext {
  readonly now: Date;
  /** Since when this deployment has been waiting for scans. */
  readonly waitingSince: Date;
  /** The waiver that accepts an objection. */
  readonly waiverOf: (objection: Pick<GateObjection, 'checkId' | 'resource'>) => WaiverReference | undefined;
}

const PINNED = 'ecs-task-image-pinned';
/** What is about to run is there; whether all that runs is, is no question of a deployment. */
const NO_QUESTION = 'image-in-use-available';

interface Complaints {
  readonly objections: GateObjection[];
  readonly notLooked: string[];
  readonly remarks: string[];
}

/**
 * Whether something may be deployed. What is proven to be wrong denies, whatever could not be looked at; a scan that is
 * under way is waited for only where nothing else decides.
 */
export function decide(looks: readonly GateLook[], policy: GatePolicy, context: DecideContext): GateJudgement {
  const { now, waitingSince, waiverOf } = context;
  const mayWait = now.getTime() - waitingSince.getTime() < policy.waitForScanMinutes * 60_000;
  const found: GateObjection[] = [];
  const notLooked: string[] = [];
  const remarks: string[] = [];
  const pending: string[] = [];
  for (const look of looks) {
    const { name } = look;
    if (look.excepted === true) remarks.push(`${name} was not looked at: gate.exceptImages names it.`);
    notLooked.push(...look.notLooked.map((clause) => `${name}: ${clause}.`));
    const ofChecks = complaintsOfChecks(look, policy);
    const ofImages = objectionsToImages(look, policy, { now, mayWait });
    found.push(...ofChecks.objections, ...ofImages.objections);
    notLooked.push(...ofChecks.notLooked, ...ofImages.notLooked);
    remarks.push(...ofChecks.remarks, ...ofImages.remarks);
    if (ofImages.pending) pending.push(name);
  }
  const objections: GateObjection[] = [];
  const waived: GateObjection[] = [];
  for (const objection of found) {
    const waiver = waiverOf(objection);
    if (waiver === undefined) objections.push(objection);
    else waived.push({ ...objection, waiver });
  }
  const seen = { objections, waived, notLooked: distinct(notLooked), pending, remarks: distinct(remarks) };
  return { ...answer(looks, seen, policy), ...seen };
}

function answer(
  looks: readonly GateLook[],
  { objections, waived, notLooked, pending }: Omit<GateJudgement, 'decision' | 'says'>,
  { whenNotLooked }: GatePolicy,
): Pick<GateJudgement, 'decision' | 'says'> {
  const [objection] = objections;
  const [unseen] = notLooked;
  if (objection !== undefined) {
    const more = objections.length === 1 ? '' : `, and ${count(objections.length - 1, 'more objection')}`;
    const blind = unseen === undefined ? '' : ` The gate could not look at everything: ${unseen}`;
    return { decision: 'deny', says: `Denied: ${objection.subject} ${objection.says}${more}.${blind}` };
  }
  const more = notLooked.length <= 1 ? '' : ` (and ${notLooked.length - 1} more)`;
  if (unseen !== undefined && whenNotLooked === 'deny') {
    const because = 'Denied because the gate could not look and is fail-closed (gate.whenNotLooked: deny)';
    return { decision: 'deny', says: `${because}: ${unseen}${more}` };
  }
  if (pending.length > 0) {
    return { decision: 'wait', says: `Waiting: the scan of ${pending.join(', ')} is under way.` };
  }
  if (unseen !== undefined) {
    const because = 'Allowed although the gate could not look, as it is fail-open (gate.whenNotLooked: allow)';
    return { decision: 'allow', says: `${because}: ${unseen}${more}` };
  }
  const accepted = waived.length === 0 ? '' : `; ${count(waived.length, 'objection')} waived (${waiversOf(waived)})`;
  return { decision: 'allow', says: `Allowed: nothing speaks against ${namesOf(looks)}${accepted}.` };
}

function complaintsOfChecks(look: GateLook, policy: GatePolicy): Complaints {
  const complaints: Complaints = { objections: [], notLooked: [], remarks: [] };
  for (const finding of look.findings) {
    if (!mayDeny(finding, policy)) continue;
    const { checkId, severity, resource, evidence, unknown } = finding;
    if (finding.status === 'FAILED') {
      complaints.objections.push({
        clause: checkId === PINNED ? 'unpinned' : 'checks',
        subject: look.name,
        says: `fails ${checkId} (${severity}): ${finding.reason}`,
        checkId,
        resource,
        severity,
        evidence,
      });
    } else if (unknown !== undefined && isBlind(finding, unknown, look)) {
      complaints.notLooked.push(`${look.name}: ${unknown.message}`);
    } else if (unknown !== undefined) {
      complaints.remarks.push(`${look.name}: ${checkId} cannot be decided: ${unknown.message}`);
    }
  }
  return complaints;
}

/** Undecidable is what was read and says nothing either way; not what was not seen, or broke a check of ours. */
function isBlind(
  { reason }: Finding,
  { kind, message }: NonNullable<Finding['unknown']>,
  { unread }: GateLook,
): boolean {
  return kind === 'unreadable' || unread.includes(message) || reason.startsWith(CHECK_ERROR_PREFIX);
}

function mayDeny({ checkId, severity }: Finding, { checks, denyFrom, unpinned }: GatePolicy): boolean {
  if (checkId === PINNED) return unpinned === 'deny';
  if (checkId === NO_QUESTION || Object.hasOwn(CLAUSE_OF_CHECK, checkId)) return false;
  const named = checks.find(({ ids }) => ids.some((pattern) => matchesWildcard(pattern, checkId)));
  const threshold = named?.denyFrom ?? denyFrom;
  return threshold !== 'NEVER' && isAtLeast(severity, threshold);
}

function namesOf(looks: readonly GateLook[]): string {
  const names = looks.map(({ name }) => name);
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function waiversOf(waived: readonly GateObjection[]): string {
  return distinct(waived.flatMap(({ waiver }) => waiver?.id ?? [])).join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
