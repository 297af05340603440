import type { Transition } from '../../domain/ports.ts';
import type { ResourceReference } from '../../domain/resource.ts';
import { SEVERITIES, type Severity } from '../../domain/severity.ts';
import { cutMiddle, plainLine } from '../plain-text.ts';

/** What happened, in words an on-call person uses. */
export const HAPPENED: Readonly<Record<Transition['kind'], string>> = {
  opened: 'new failure',
  reopened: 'failing again',
  worsened: 'became worse',
  fixed: 'fixed',
  gone: 'resource gone',
  waived: 'waived',
  'waiver-expired': 'waiver expired',
};

/** A date and time that is read in the middle of the night. */
export function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

export function accountText(accountId: string, name: string | undefined, maxName = 60): string {
  const clean = name === undefined ? '' : cutMiddle(plainLine(name), maxName);
  return clean === '' ? accountId : `${clean} (${accountId})`;
}

/** `web in cluster prod`, `shop/checkout in cluster prod`. */
export function resourceText(resource: ResourceReference, max = 120): string {
  const name = resource.namespace === undefined ? resource.name : `${resource.namespace}/${resource.name}`;
  const shown = cutMiddle(plainLine(name), max);
  return resource.cluster === undefined ? shown : `${shown} in cluster ${cutMiddle(plainLine(resource.cluster), 100)}`;
}

/** The last part of an ARN, which names the service, workload or rule. */
export function userText(arn: string): string {
  const parts = plainLine(arn).split(':');
  return parts.length > 5 ? parts.slice(5).join(':') : plainLine(arn);
}

/** `2 critical, 5 high`; worst first, zeros left out. */
export function severityCounts(counts: Readonly<Record<Severity, number>>): string {
  const parts = SEVERITIES.toReversed().flatMap((severity) =>
    counts[severity] > 0 ? [`${counts[severity]} ${severity.toLowerCase()}`] : [],
  );
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** `1 account`, `2 accounts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const SHOWN_ACCOUNTS = 5;

/** Says that a digest is the first about some of its accounts (OC-3). */
export function newAccountsText(accounts: readonly string[]): string {
  const more = accounts.length - SHOWN_ACCOUNTS;
  const shown = accounts.slice(0, SHOWN_ACCOUNTS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${plural(accounts.length, 'account')} looked at for the first time (${shown}): what fails there is counted, and no news`;
}
