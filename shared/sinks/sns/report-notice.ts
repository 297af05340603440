import { PublishCommand } from '@aws-sdk/client-sns';
import { classifyError } from '../../aws/errors.ts';
import type { ClientClass, IamAction } from '../../domain/ports.ts';
import { SEVERITIES } from '../../domain/severity.ts';
import { notJudged, type ReportHead } from '../../reports/model.ts';
import { cutEnd, plainLine } from '../plain-text.ts';
import type { Ownership } from './alert.ts';
import { attributesOf } from './attributes.ts';
import { chatMessage, inert } from './chat.ts';
import { bodyOf, subjectLine } from './human.ts';
import { MACHINE_SCHEMA } from './machine.ts';
import { type MessageForm, openTopics, type Topics } from './topic.ts';
import { plural, severityCounts, when } from './words.ts';

/** A report that was written, and where. */
export interface NoticeFacts {
  readonly head: ReportHead;
  readonly kind: string;
  /** `s3://…/report.html` */
  readonly place: string;
  /** The same in the console. */
  readonly consoleUrl?: string;
  readonly manifestSha256: string;
  /** Reports on parts beside it. */
  readonly slices: number;
}

export interface NoticeOptions {
  /** The topics of the default route. */
  readonly topics: Topics;
  readonly ownership: Ownership;
  readonly clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C;
}

/** What telling needs. */
export const NOTICE_PERMISSIONS: readonly IamAction[] = ['sns:Publish'];

const SHOWN = 5;
const MAX_TEXT = 500;

/**
 * Tells where a report lies and what it says, once in each form. It is news and no state: nothing is opened that somebody
 * would have to close.
 *
 * @returns what could not be delivered, one sentence for each topic
 */
export async function announceReport(facts: NoticeFacts, options: NoticeOptions): Promise<readonly string[]> {
  const { topics, ownership, clientFor } = options;
  const { failedBySeverity } = facts.head;
  const worst = SEVERITIES.toReversed().find((severity) => failedBySeverity[severity] > 0);
  const problems: string[] = [];
  for (const topic of openTopics(topics, clientFor)) {
    const { subject, body } = messageFor(facts, topic.form);
    try {
      await topic.client.send(
        new PublishCommand({
          TopicArn: topic.arn,
          Message: body,
          MessageAttributes: {
            ...attributesOf({ kind: 'report', severity: worst, env: ownership.env, team: ownership.team }),
          },
          ...(subject === undefined ? {} : { Subject: subject }),
        }),
      );
    } catch (error) {
      problems.push(`${topic.form} topic ${topic.arn}: ${classifyError(error, 'sns:Publish').message}`);
    }
  }
  return problems;
}

function messageFor(facts: NoticeFacts, form: MessageForm): { readonly subject?: string; readonly body: string } {
  if (form === 'machine') return { body: JSON.stringify(machineOf(facts)) };
  if (form === 'human') return { subject: subjectOf(facts), body: bodyOf(linesOf(facts)) };
  const { head, kind, consoleUrl, place } = facts;
  return {
    body: JSON.stringify(
      chatMessage({
        id: `report/${kind}/${head.createdAt}`,
        title: inert(headline(head)),
        description: [
          stateOf(head),
          ...numbersOf(facts),
          `Manifest     ${facts.manifestSha256}`,
          ...reasonsOf(head).map((reason) => `• ${cutEnd(reason, MAX_TEXT)}`),
        ]
          .map(inert)
          .join('\n'),
        nextSteps: [consoleUrl === undefined ? `It lies at ${place}` : `Open it: ${consoleUrl}`],
        keywords: ['report', kind],
        threadId: `report/${kind}`,
        summary: inert(headline(head)),
        eventType: 'hullcheck.report',
        relatedResources: [place],
      }),
    ),
  };
}

/** Short enough for SNS: what is urgent, and whether something is missing. */
function subjectOf({ head: { complete, failedBySeverity }, kind }: NoticeFacts): string {
  const { CRITICAL, HIGH } = failedBySeverity;
  const all = Object.values(failedBySeverity).reduce((sum, count) => sum + count, 0);
  const what = `${kind.charAt(0).toUpperCase()}${kind.slice(1)} report${complete ? '' : ' (not complete)'}`;
  return subjectLine(`${what}: `, `${plural(all, 'failure')}, ${CRITICAL} critical, ${HIGH} high`, '');
}

function headline({ title, complete, failedBySeverity }: ReportHead): string {
  return `${plainLine(title)}: ${severityCounts(failedBySeverity)} failures${complete ? '' : ' (not complete)'}`;
}

function linesOf(facts: NoticeFacts): readonly string[] {
  const { head, place, consoleUrl, manifestSha256 } = facts;
  return [
    `${headline(head)}.`,
    '',
    stateOf(head),
    ...reasonsOf(head).map((reason) => `  ${reason}`),
    '',
    ...numbersOf(facts),
    '',
    `It lies at  ${place}`,
    ...(consoleUrl === undefined ? [] : [`In a browser  ${consoleUrl}`]),
    '',
    'Keep this hash of its manifest: with it anybody can tell later whether the report is the one of today.',
    `  ${manifestSha256}`,
    `Run: ${plainLine(head.runId)}`,
  ];
}

function stateOf({ complete, startedAt }: ReportHead): string {
  const state = `State of ${when(startedAt)}.`;
  return complete ? `${state} Everything in scope was read.` : `${state} NOT COMPLETE:`;
}

function reasonsOf({ incompleteBecause, coverage }: ReportHead): readonly string[] {
  const unread = coverage.entries.filter(({ status }) => status === 'failed' || status === 'partial');
  const named = unread.slice(0, SHOWN).map(({ accountId, region, service, cluster, reason, gaps }) => {
    const where = [accountId, region, service, cluster].filter((part) => part !== undefined).join(' ');
    return plainLine(`${where}: ${reason ?? gaps[0]?.reason ?? 'it could not be read'}`);
  });
  const more = unread.length > SHOWN ? [`and ${unread.length - SHOWN} more`] : [];
  return [...incompleteBecause.map(plainLine), ...named, ...more];
}

function numbersOf({ head, slices }: NoticeFacts): readonly string[] {
  const { failedBySeverity, counts, trend, noTrendBecause, accounts } = head;
  const changes =
    trend === undefined
      ? plainLine(noTrendBecause ?? 'no report before')
      : `${trend.byChange.new} new, ${trend.byChange.reopened} reopened, ${trend.byChange.fixed} fixed, ${trend.byChange.gone} gone, ${trend.byChange['not rescanned']} not looked at again, since ${when(trend.previousAt)}`;
  return [
    `Failures     ${severityCounts(failedBySeverity)}; ${counts.waived} accepted by waivers`,
    `Changes      ${changes}`,
    ...(trend?.remarks ?? []).map((remark) => `             ${plainLine(remark)}`),
    `Not judged   ${notJudged(head)}`,
    `About        ${plural(accounts.length, 'account')}, with ${plural(slices, 'report')} about accounts and units beside it`,
  ];
}

function machineOf({ head, kind, place, consoleUrl, manifestSha256, slices }: NoticeFacts): object {
  const text = (value: string) => cutEnd(plainLine(value), MAX_TEXT);
  const { trend, noTrendBecause } = head;
  return {
    schema: MACHINE_SCHEMA,
    kind: 'report',
    eventAction: 'notify',
    dedupKey: `report/${kind}/${head.startedAt}`,
    report: kind,
    title: text(head.title),
    runId: text(head.runId),
    startedAt: head.startedAt,
    complete: head.complete,
    incompleteBecause: head.incompleteBecause.map(text),
    notRead: reasonsOf({ ...head, incompleteBecause: [] }).map(text),
    counts: head.counts,
    failedBySeverity: head.failedBySeverity,
    changes: trend === undefined ? undefined : { since: trend.previousAt, ...trend.byChange },
    noTrendBecause: noTrendBecause === undefined ? undefined : text(noTrendBecause),
    place,
    links: { console: consoleUrl },
    manifestSha256,
    slices,
  };
}
