import { evidenceLine } from '../evidence-text.ts';
import { cutEnd, cutMiddle, plainLine } from '../plain-text.ts';
import type { Alert } from './alert.ts';
import { type Digest, worseCount } from './digest.ts';
import {
  accountText,
  HAPPENED,
  newAccountsText,
  plural,
  resourceText,
  severityCounts,
  userText,
  when,
} from './words.ts';

/** A custom notification of Amazon Q Developer in chat applications; any other shape is dropped there in silence. */
export interface ChatMessage {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords?: readonly string[];
  };
  readonly metadata: {
    /** Messages of one finding share a thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources?: readonly string[];
    readonly enableCustomActions: boolean;
  };
}

const MAX_TITLE = 250;
const MAX_DESCRIPTION = 8000;
const MAX_SUMMARY = 250;
const SHOWN_EVIDENCE = 5;
const SHOWN_USERS = 5;
const SHOWN_PROBLEMS = 5;

/** @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
export function chatAlert(alert: Alert): ChatMessage {
  const { finding, kind, firstSeenAt } = alert.transition;
  const { resource } = finding;
  const account = accountText(resource.accountId, alert.accountName);
  const headline = `${finding.severity}, ${HAPPENED[kind]}`;
  const users = (finding.usedBy ?? []).slice(0, SHOWN_USERS).map((user) => code(cutMiddle(userText(user), 100)));
  const moreUsers = (finding.usedByCount ?? users.length) - users.length;
  const lines = [
    `*What:* ${inert(finding.reason)}`,
    ...finding.evidence.slice(0, SHOWN_EVIDENCE).map((item) => `• ${code(evidenceLine(item, 120))}`),
    `*Where:* ${code(resourceText(resource))}, ${inert(account)}, ${resource.region}`,
    `*Since:* ${when(firstSeenAt)}`,
    ...(users.length === 0 ? [] : [`*Affects:* ${users.join(', ')}${moreUsers > 0 ? ` and ${moreUsers} more` : ''}`]),
  ];
  const steps = [
    ...(alert.check === undefined ? [] : [`${alert.check.remediation.text} ${alert.check.remediation.url}`]),
    ...(alert.consoleUrl === undefined ? [] : [`Open it: ${alert.consoleUrl}`]),
    `Or accept the risk for a while: add a waiver for check ${finding.checkId} on this resource.`,
  ];
  return chatMessage({
    id: alert.dedupKey,
    title: `${headline}: ${inert(alert.title)}`,
    description: lines.join('\n'),
    nextSteps: steps,
    keywords: [finding.severity, finding.checkId, resource.region],
    threadId: alert.dedupKey,
    summary: `${headline}: ${inert(resourceText(resource, 80))} in ${inert(account)}`,
    eventType: `hullcheck.${kind}`,
    relatedResources: [plainLine(resource.arn ?? resource.uid)],
  });
}

export function chatDigest(digest: Digest): ChatMessage {
  const worse = worseCount(digest);
  const headline =
    digest.kind === 'baseline'
      ? `Baseline: ${severityCounts(digest.openBySeverity)} open failures`
      : `${worse > 0 ? plural(worse, 'finding') : 'Nothing'} became worse`;
  const lines = [
    ...(digest.comparedWith === undefined ? [] : [`Since ${when(digest.comparedWith)}`]),
    ...(digest.coverageEqual === false ? ['The two runs did not cover the same accounts, regions and clusters.'] : []),
    `*Open now:* ${severityCounts(digest.openBySeverity)}`,
    ...(digest.newAccounts === undefined ? [] : [`*New:* ${newAccountsText(digest.newAccounts)}`]),
    ...(digest.counts.fixed > 0 ? [`*Fixed:* ${digest.counts.fixed}`] : []),
    ...digest.top.map(
      ({ transition: { finding }, title, accountName }) =>
        `• *${finding.severity}* ${code(resourceText(finding.resource, 60))}, ${inert(accountText(finding.resource.accountId, accountName, 30))}, ${finding.resource.region}: ${inert(title)}`,
    ),
    ...(digest.more > 0 ? [`• and ${digest.more} more`] : []),
    ...(digest.complete ? [] : [`*Could not look:* ${plural(digest.problems.length, 'scope')}`]),
    ...digest.problems
      .slice(0, SHOWN_PROBLEMS)
      .map(({ accountId, region, service, reason }) => `• ${accountId} ${region} ${service}: ${inert(reason)}`),
  ];
  return chatMessage({
    id: `${digest.dedupKey}/${digest.runId}`,
    title: `${headline} - ${inert(digest.group)}`,
    description: lines.join('\n'),
    nextSteps: digest.reportUrl === undefined ? [] : [`All findings: ${digest.reportUrl}`],
    keywords: [],
    threadId: `${digest.dedupKey}/${digest.runId}`,
    summary: headline,
    eventType: `hullcheck.${digest.kind}`,
    relatedResources: [],
  });
}

interface Parts {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly nextSteps: readonly string[];
  readonly keywords: readonly string[];
  readonly threadId: string;
  readonly summary: string;
  readonly eventType: string;
  readonly relatedResources: readonly string[];
}

/** A notification within the bounds of the schema. */
export function chatMessage(parts: Parts): ChatMessage {
  return {
    version: '1.0',
    source: 'custom',
    id: parts.id,
    content: {
      textType: 'client-markdown',
      title: cutEnd(parts.title, MAX_TITLE),
      description: cutEnd(parts.description, MAX_DESCRIPTION),
      ...(parts.nextSteps.length === 0 ? {} : { nextSteps: parts.nextSteps }),
      ...(parts.keywords.length === 0 ? {} : { keywords: parts.keywords }),
    },
    metadata: {
      threadId: parts.threadId,
      summary: cutEnd(parts.summary, MAX_SUMMARY),
      eventType: parts.eventType,
      ...(parts.relatedResources.length === 0 ? {} : { relatedResources: parts.relatedResources }),
      enableCustomActions: false,
    },
  };
}

/** Text that a chat client shows as it is: no mentions, links, bold or code. */
export function inert(text: string): string {
  return plainLine(text)
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/@(?=\w)/g, '＠')
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .replace(/[*~`]/g, "'");
}

/** A name in code marks, which no character of the name can end. */
function code(text: string): string {
  const clean = plainLine(text).replaceAll('`', "'").replaceAll('<', '‹').replaceAll('>', '›');
  return `\`${clean === '' ? '(empty)' : clean}\``;
}
