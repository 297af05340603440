import type { Transition } from '../../domain/ports.ts';
import { type CheckLookup, type CheckMetadata, titleOf } from '../check-lookup.ts';
import { consoleLink } from '../console-link.ts';

/** Who a finding belongs to, as routing and filters need it. */
export interface Ownership {
  readonly env?: string;
  readonly team?: string;
}

/** What messages say besides the finding itself. */
export interface AlertLookups {
  readonly checkOf: CheckLookup;
  /** The account's name, where one is configured or known. */
  readonly accountNameOf: (accountId: string) => string | undefined;
  readonly ownershipOf?: (transition: Transition) => Ownership;
  /** The newest report, for "see all". */
  readonly reportUrl?: string;
}

/** One message about one finding: the model of all three forms. */
export interface Alert {
  readonly kind: 'alert';
  readonly eventAction: 'trigger' | 'resolve';
  /** The finding's permanent id: whoever opens an incident by it closes the same one. */
  readonly dedupKey: string;
  readonly transition: Transition;
  readonly title: string;
  readonly check: CheckMetadata | undefined;
  readonly accountName: string | undefined;
  readonly ownership: Ownership;
  readonly consoleUrl: string | undefined;
  readonly reportUrl: string | undefined;
}

const RESOLVING: ReadonlySet<Transition['kind']> = new Set(['fixed', 'gone', 'waived']);

/** @throws Error when the finding has no id: an empty key would merge unrelated incidents (OC-7) */
export function createAlert(transition: Transition, lookups: AlertLookups): Alert {
  const { finding } = transition;
  return {
    kind: 'alert',
    eventAction: RESOLVING.has(transition.kind) ? 'resolve' : 'trigger',
    dedupKey: requireKey(finding.id),
    transition,
    title: titleOf(finding, lookups.checkOf),
    check: lookups.checkOf(finding.checkId),
    accountName: lookups.accountNameOf(finding.resource.accountId),
    ownership: lookups.ownershipOf?.(transition) ?? {},
    consoleUrl: consoleLink(finding.resource),
    reportUrl: lookups.reportUrl,
  };
}

/** Joins the parts of a key. @throws Error when one is empty */
export function requireKey(...parts: readonly string[]): string {
  if (parts.length === 0 || parts.some((part) => part.trim() === ''))
    throw new Error('a deduplication key needs all its parts: an empty one would merge unrelated incidents');
  return parts.join('/');
}

/** Becoming worse is worth waking someone for only where it runs and nobody accepted it (OC-1, OC-2). */
export function isImmediate({ kind, finding }: Transition): boolean {
  return (
    (kind === 'opened' || kind === 'reopened' || kind === 'worsened' || kind === 'waiver-expired') &&
    finding.status === 'FAILED' &&
    finding.severity === 'CRITICAL' &&
    finding.inUse === 'yes' &&
    finding.waiver === undefined
  );
}

export function isResolving({ kind }: Transition): boolean {
  return RESOLVING.has(kind);
}
