import type {
  GateImage,
  GateLook,
  GateObjection,
  GatePolicy,
  Vulnerability,
  VulnerabilityClause,
} from '../../domain/gate.ts';
import { parseImageReference } from '../../domain/image-reference.ts';
import { isFloatingTag } from '../../domain/image-tag.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import { isAtLeast, SEVERITIES, type Severity } from '../../domain/severity.ts';

const DAY_MS = 86_400_000;
const IDS_SHOWN = 3;
const IDS_KEPT = 20;

/** Results of these are all there is to know. */
const FINAL: ReadonlySet<string> = new Set(['COMPLETE', 'ACTIVE']);
const UNDER_WAY: ReadonlySet<string> = new Set(['IN_PROGRESS', 'PENDING']);

/** The check that judges the same, so that one waiver accepts both. */
const CHECK_OF = { unscanned: 'image-scanned', unsigned: 'image-signed', unpinned: 'ecs-task-image-pinned' } as const;
const SEVERITY_OF = { unscanned: 'HIGH', unsigned: 'MEDIUM', unpinned: 'MEDIUM' } as const;

export interface ImageObjections {
  readonly objections: readonly GateObjection[];
  readonly notLooked: readonly string[];
  /** A scan is under way, and there is time to wait for it. */
  readonly pending: boolean;
  readonly remarks: readonly string[];
}

/** Judges an image by the clauses that are about images alone; of an image index each platform counts. */
export function objectionsToImages(
  look: GateLook,
  policy: GatePolicy,
  { now, mayWait }: { readonly now: Date; readonly mayWait: boolean },
): ImageObjections {
  const { resource } = look;
  if (look.kind !== 'image' || resource === undefined) {
    return { objections: [], notLooked: [], pending: false, remarks: [] };
  }
  const objections: GateObjection[] = [];
  const notLooked = new Set<string>();
  const object = (clause: keyof typeof CHECK_OF, says: string) =>
    objections.push({
      clause,
      subject: look.name,
      says,
      checkId: CHECK_OF[clause],
      resource,
      severity: SEVERITY_OF[clause],
      evidence: look.digest === undefined ? [] : [{ path: 'digest', observed: look.digest, expected: 'none like it' }],
    });
  const scan = judgeScans(look, policy, { now, mayWait });
  if (scan.unscanned !== undefined) object('unscanned', scan.unscanned);
  for (const message of scan.notLooked) notLooked.add(`${look.name}: ${message}`);
  const found = vulnerabilitiesOf(look.images);
  for (const clause of policy.vulnerabilities) {
    const objection = objectionTo(found, clause, now);
    if (objection !== undefined) objections.push({ ...objection, subject: look.name, resource });
  }
  if (policy.unsigned === 'deny') {
    for (const { signed } of look.images) if (!signed.known) notLooked.add(`${look.name}: ${signed.reason.message}`);
    if (look.images.some(({ signed }) => signed.known && !signed.value)) object('unsigned', 'is not signed');
  }
  if (policy.unpinned === 'deny' && isUnpinned(look.name)) object('unpinned', 'is not pinned to a version or digest');
  return {
    objections: worstFirst(objections),
    notLooked: [...notLooked],
    pending: scan.pending,
    remarks: remarksOn(look.name, found, policy, now),
  };
}

/** What no clause can decide about, as nobody has rated it yet. */
function remarksOn(
  name: string,
  found: readonly Vulnerability[],
  { vulnerabilities: clauses }: GatePolicy,
  now: Date,
): readonly string[] {
  const unrated = found.filter(
    (one) =>
      !isSeverity(one.severity) &&
      !clauses.some((clause) => isMeant(one, clause, now)) &&
      clauses.some((clause) => isMeant({ ...one, severity: clause.severity }, clause, now)),
  );
  if (unrated.length === 0) return [];
  const what = unrated.length === 1 ? '1 vulnerability' : `${unrated.length} vulnerabilities`;
  const ids = listed(unrated.map(({ id }) => id));
  return [`${name} has ${what} without a severity, about which no clause decides (${ids}).`];
}

/** Whether there are results to go by. */
function judgeScans(
  look: GateLook,
  { unscanned, vulnerabilities, waitForScanMinutes }: GatePolicy,
  { now, mayWait }: { readonly now: Date; readonly mayWait: boolean },
): { readonly unscanned?: string; readonly notLooked: readonly string[]; readonly pending: boolean } {
  if (unscanned === 'allow' && vulnerabilities.length === 0) return { notLooked: [], pending: false };
  const notLooked: string[] = [];
  const wanting: string[] = [];
  let pending = false;
  // Between a push and the begin of its scan there is no scan yet.
  const justPushed = now.getTime() - Date.parse(look.pushedAt ?? '') < waitForScanMinutes * 60_000;
  for (const { scanStatus } of look.images) {
    if (!scanStatus.known) {
      notLooked.push(scanStatus.reason.message);
      continue;
    }
    const status = scanStatus.value;
    if (status !== null && FINAL.has(status)) continue;
    const isUnderWay = status === null ? justPushed : UNDER_WAY.has(status);
    if (isUnderWay && mayWait) pending = true;
    else wanting.push(wordsFor(status));
  }
  // The check knows how old a scan may be that does not go on by itself.
  const judged = look.findings.find(({ checkId, status }) => checkId === CHECK_OF.unscanned && status === 'FAILED');
  if (judged !== undefined && !pending && wanting.length === 0) wanting.push(`has no usable scan: ${judged.reason}`);
  const [first] = wanting;
  if (first === undefined || unscanned === 'allow') return { notLooked, pending };
  return { unscanned: first, notLooked, pending };
}

function wordsFor(status: string | null): string {
  if (status === null) return 'was never scanned';
  if (UNDER_WAY.has(status)) return 'is still being scanned, and the time to wait for it is over';
  if (status === 'SCAN_ELIGIBILITY_EXPIRED') return 'is no longer monitored for vulnerabilities';
  return `has no usable scan (${status})`;
}

/** Each vulnerability of each severity once, whatever platform has it; where one has a fix, there is one. */
function vulnerabilitiesOf(images: readonly GateImage[]): readonly Vulnerability[] {
  const all = new Map<string, Vulnerability>();
  for (const { vulnerabilities } of images) {
    for (const one of vulnerabilities.known ? vulnerabilities.value : []) {
      const key = `${one.severity} ${one.id}`;
      const other = all.get(key);
      all.set(key, other === undefined ? one : worse(one, other));
    }
  }
  return [...all.values()].sort((left, right) => compareCodeUnits(left.id, right.id));
}

function worse(one: Vulnerability, other: Vulnerability): Vulnerability {
  const since = [one.since, other.since].flatMap((time) => time ?? []).sort()[0];
  return {
    id: one.id,
    severity: one.severity,
    fix: one.fix === true || other.fix === true ? true : (one.fix ?? other.fix),
    exploit: one.exploit === true || other.exploit === true ? true : (one.exploit ?? other.exploit),
    ...(since === undefined ? {} : { since }),
  };
}

function objectionTo(
  all: readonly Vulnerability[],
  clause: VulnerabilityClause,
  now: Date,
): Omit<GateObjection, 'subject' | 'resource'> | undefined {
  const matching = all.filter((one) => isMeant(one, clause, now)).map((one) => rated(one, clause));
  const severity = SEVERITIES.findLast((name) => matching.some((one) => one.severity === name));
  if (severity === undefined) return undefined;
  const ids = matching.filter((one) => one.severity === severity).map(({ id }) => id);
  const others = matching.length - ids.length;
  const milder = others === 0 ? '' : ` and ${others} milder`;
  return {
    clause: 'vulnerabilities',
    says: `has ${plural(ids.length, severity)}${milder}${qualities(clause, matching)} (${listed(ids)})`,
    checkId: checkFor(severity, clause),
    severity,
    evidence: [
      {
        path: 'scan.vulnerabilities',
        observed: ids.slice(0, IDS_KEPT),
        expected: `none of the policy (${words(clause)})`,
      },
    ],
  };
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, IDS_SHOWN).join(', ');
  return ids.length > IDS_SHOWN ? `${shown} and ${ids.length - IDS_SHOWN} more` : shown;
}

/** One that nobody has rated yet (T36) as what the clause asks for. */
function rated(one: Vulnerability, { severity }: VulnerabilityClause): Vulnerability {
  return isSeverity(one.severity) ? one : { ...one, severity, id: `${one.id}, ${one.severity}` };
}

/** An exploit that is known is worse than any rating; and a clause that asks for the lowest severity asks for all. */
function isSevere(severity: string, clause: VulnerabilityClause): boolean {
  if (isSeverity(severity)) return isAtLeast(severity, clause.severity);
  return clause.exploit === 'known' || clause.severity === 'INFORMATIONAL';
}

function isMeant({ severity, fix, exploit, since }: Vulnerability, clause: VulnerabilityClause, now: Date): boolean {
  if (!isSevere(severity, clause)) return false;
  if (clause.fix === 'available' && fix === false) return false;
  if (clause.exploit === 'known' && exploit !== true) return false;
  return since === undefined || now.getTime() - Date.parse(since) >= clause.olderThanDays * DAY_MS;
}

function isSeverity(text: string): text is Severity {
  return (SEVERITIES as readonly string[]).includes(text);
}

function qualities({ fix, exploit, olderThanDays }: VulnerabilityClause, matching: readonly Vulnerability[]): string {
  const isFixKnown = matching.some((one) => one.fix === true);
  return [
    ...(fix === 'available' ? [isFixKnown ? ' with a fix' : ', whose fixes the scan does not tell'] : []),
    ...(exploit === 'known' ? [' and a known exploit'] : []),
    ...(olderThanDays > 0 ? [`, public for ${olderThanDays} days or more`] : []),
  ].join('');
}

function words({ severity, fix, exploit, olderThanDays }: VulnerabilityClause): string {
  return `severity ${severity}, fix ${fix}, exploit ${exploit}, olderThanDays ${olderThanDays}`;
}

function checkFor(severity: Severity, { exploit }: VulnerabilityClause): string {
  if (exploit === 'known') return 'image-no-exploitable-vulnerabilities';
  return severity === 'CRITICAL' ? 'image-no-critical-vulnerabilities' : 'image-no-high-vulnerabilities';
}

/** A digest pins, whatever tag stands beside it. */
function isUnpinned(name: string): boolean {
  const reference = parseImageReference(name);
  if (reference === undefined || reference.digest !== undefined) return false;
  return reference.tag === undefined || isFloatingTag(reference.tag);
}

function worstFirst(objections: readonly GateObjection[]): readonly GateObjection[] {
  return objections.toSorted((left, right) => SEVERITIES.indexOf(right.severity) - SEVERITIES.indexOf(left.severity));
}

function plural(number: number, severity: Severity): string {
  return `${number} ${severity} ${number === 1 ? 'vulnerability' : 'vulnerabilities'}`;
}
