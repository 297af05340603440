import type { JsonValue } from '../../domain/json.ts';
import type { Evidence } from '../../domain/verdict.ts';
import { cutMiddle, plainLine, utf8Bytes } from '../plain-text.ts';
import type { Alert } from './alert.ts';
import { type Digest, worseCount } from './digest.ts';

/** The machine form is a contract of its own; its name changes when a key changes its meaning. */
export const MACHINE_SCHEMA = 'hullcheck.alert.v1';
const MAX_TEXT = 2048;
const SHORT_TEXT = 200;
const SHORT_EVIDENCE = 5;

/**
 * An alert for incident tools: one key for one finding, `trigger` when it becomes worse, `resolve` when it is over.
 *
 * @param maxBytes what the message may take; a bigger one keeps its head and points to the rest
 */
export function machineAlert(alert: Alert, maxBytes: number): string {
  const { finding, kind, firstSeenAt, observedAt, closedBecause } = alert.transition;
  const { resource } = finding;
  const whole = {
    schema: MACHINE_SCHEMA,
    kind: alert.kind,
    eventAction: alert.eventAction,
    dedupKey: alert.dedupKey,
    transition: kind,
    closedBecause,
    findingId: finding.id,
    checkId: finding.checkId,
    title: alert.title,
    status: finding.status,
    severity: finding.severity,
    account: { id: resource.accountId, name: optionalText(alert.accountName) },
    region: resource.region,
    resource: {
      uid: plainLine(resource.uid),
      type: resource.type,
      name: plainLine(resource.name),
      cluster: optionalText(resource.cluster),
      namespace: optionalText(resource.namespace),
    },
    env: optionalText(alert.ownership.env),
    team: optionalText(alert.ownership.team),
    inUse: finding.inUse,
    usedBy: finding.usedBy?.map((user) => cutMiddle(plainLine(user), MAX_TEXT)),
    usedByCount: finding.usedByCount,
    reason: plainLine(finding.reason),
    evidence: finding.evidence.map((item) => cleanEvidence(item, MAX_TEXT)),
    firstSeenAt,
    observedAt,
    waiver: finding.waiver && { id: plainLine(finding.waiver.id), expiresAt: finding.waiver.expiresAt },
    remediation: alert.check?.remediation,
    links: { console: alert.consoleUrl, report: alert.reportUrl },
    truncated: false,
  };
  return smallEnough(maxBytes, [
    () => whole,
    () => ({
      ...whole,
      evidence: finding.evidence.slice(0, SHORT_EVIDENCE).map((item) => cleanEvidence(item, SHORT_TEXT)),
      usedBy: whole.usedBy?.map((user) => cutMiddle(user, SHORT_TEXT)),
      truncated: true,
    }),
    () => ({
      ...whole,
      reason: cutMiddle(whole.reason, SHORT_TEXT),
      resource: {
        ...whole.resource,
        uid: cutMiddle(whole.resource.uid, MAX_TEXT),
        name: cutMiddle(whole.resource.name, SHORT_TEXT),
      },
      evidence: [],
      usedBy: undefined,
      truncated: true,
    }),
  ]);
}

/** A run's digest as one incident a group: open while failures are open. */
export function machineDigest(digest: Digest, maxBytes: number): string {
  const whole = {
    schema: MACHINE_SCHEMA,
    kind: digest.kind,
    eventAction: digest.eventAction,
    dedupKey: digest.dedupKey,
    group: digest.group,
    runId: digest.runId,
    startedAt: digest.startedAt,
    finishedAt: digest.finishedAt,
    comparedWith: digest.comparedWith,
    coverageEqual: digest.coverageEqual,
    complete: digest.complete,
    newAccounts: digest.newAccounts?.slice(0, 100),
    becameWorse: worseCount(digest),
    counts: digest.counts,
    openBySeverity: digest.openBySeverity,
    unknown: digest.unknown,
    scopesScanned: digest.scopesScanned,
    problems: digest.problems.slice(0, 100).map((problem) => ({ ...problem, reason: plainLine(problem.reason) })),
    problemCount: digest.problems.length,
    waiversExpiring: digest.waiversExpiring,
    top: digest.top.map(({ transition: { kind, finding } }) => ({
      transition: kind,
      findingId: finding.id,
      checkId: finding.checkId,
      severity: finding.severity,
      accountId: finding.resource.accountId,
      region: finding.resource.region,
      uid: plainLine(finding.resource.uid),
      inUse: finding.inUse,
    })),
    more: digest.more,
    links: { report: digest.reportUrl },
    truncated: false,
  };
  return smallEnough(maxBytes, [
    () => whole,
    () => ({ ...whole, problems: [], waiversExpiring: whole.waiversExpiring.slice(0, 20), truncated: true }),
    () => ({ ...whole, problems: [], waiversExpiring: [], top: [], truncated: true }),
  ]);
}

/** The first candidate that fits; the last one is built to fit always. */
function smallEnough(maxBytes: number, candidates: readonly (() => object)[]): string {
  let text = '';
  for (const candidate of candidates) {
    text = JSON.stringify(candidate());
    if (utf8Bytes(text) <= maxBytes) break;
  }
  return text;
}

function optionalText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainLine(text);
}

function cleanEvidence({ path, observed, expected }: Evidence, max: number): Evidence {
  return {
    path: cutMiddle(plainLine(path), max),
    observed: cleanJson(observed, max),
    expected: cleanJson(expected, max),
  };
}

function cleanJson(value: JsonValue, max: number): JsonValue {
  if (typeof value === 'string') return cutMiddle(plainLine(value), max);
  if (value === null || typeof value !== 'object') return value;
  const text = JSON.stringify(value);
  return text.length <= max ? (JSON.parse(plainLine(text)) as JsonValue) : cutMiddle(plainLine(text), max);
}
