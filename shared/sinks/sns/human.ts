import { evidenceLine } from '../evidence-text.ts';
import { asciiLine, cutEnd, cutMiddle, plainLine } from '../plain-text.ts';
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

/** An e-mail: a subject that SNS accepts, and a body that is read on a phone. */
export interface HumanMessage {
  readonly subject: string;
  readonly body: string;
}

/** SNS takes subjects of less than 100 ASCII characters without line breaks. */
const MAX_SUBJECT = 99;
const MAX_LINES = 60;
const MAX_LINE = 500;
const SHOWN_EVIDENCE = 5;
const SHOWN_USERS = 5;
const SHOWN_PROBLEMS = 5;
const SHOWN_WAIVERS = 5;

/**
 * What became worse, for whoever reads it at night: what, where, since when, who is affected, how to fix or accept it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function humanAlert(alert: Alert): HumanMessage {
  const { finding, kind, firstSeenAt, observedAt } = alert.transition;
  const { resource } = finding;
  const account = accountText(resource.accountId, alert.accountName);
  const evidence = finding.evidence.slice(0, SHOWN_EVIDENCE).map((item) => `           ${evidenceLine(item, 120)}`);
  const moreEvidence = finding.evidence.length - evidence.length;
  return {
    subject: subjectLine(
      `${finding.severity} ${HAPPENED[kind]}: `,
      resourceText(resource, 60),
      ` in ${accountText(resource.accountId, alert.accountName, 28)}`,
    ),
    body: bodyOf([
      `${finding.severity}, ${HAPPENED[kind]}: ${alert.title}`,
      '',
      `What       ${plainLine(finding.reason)}`,
      ...evidence,
      ...(moreEvidence > 0 ? [`           and ${moreEvidence} more`] : []),
      `Where      ${resourceText(resource)}`,
      `           ${plainLine(resource.uid)}`,
      `Account    ${account}`,
      `Region     ${resource.region}`,
      `Since      ${when(firstSeenAt)} (last look ${when(observedAt)})`,
      ...affected(alert),
      '',
      ...(alert.check === undefined ? [] : ['Why it matters', `  ${alert.check.rationale}`, '']),
      'How to fix it',
      ...(alert.check === undefined ? [] : [`  ${alert.check.remediation.text}`, `  ${alert.check.remediation.url}`]),
      ...(alert.consoleUrl === undefined ? [] : [`  Open it: ${alert.consoleUrl}`]),
      '',
      'How to accept the risk for a while',
      '  Add an entry with these two lines to the waivers file, with id, reason, owner, approvedBy, createdAt and',
      '  expiresAt (at most 365 days), and deploy it:',
      `    checks: [${finding.checkId}]`,
      `    scope: { resource: ${JSON.stringify(plainLine(resource.uid))} }`,
      '',
      ...(alert.reportUrl === undefined ? [] : [`All findings: ${alert.reportUrl}`]),
      `Finding: ${plainLine(finding.id)}`,
    ]),
  };
}

function affected({ transition: { finding } }: Alert): string[] {
  const users = finding.usedBy ?? [];
  const total = finding.usedByCount ?? users.length;
  if (finding.inUse === 'no') return ['Affects    nothing that runs: it is not in use'];
  if (users.length === 0)
    return [
      finding.inUse === 'yes' ? 'Affects    it is in use' : 'Affects    not known: what uses it could not be read',
    ];
  const shown = users.slice(0, SHOWN_USERS).map((user) => cutMiddle(userText(user), 100));
  const more = total - shown.length;
  return [`Affects    ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function humanDigest(digest: Digest): HumanMessage {
  const worse = worseCount(digest);
  const open = severityCounts(digest.openBySeverity);
  const incomplete = digest.complete ? '' : ' (scan incomplete)';
  const headline =
    digest.kind === 'baseline'
      ? `Baseline: ${open} open failures`
      : worse > 0
        ? `${plural(worse, 'finding')} became worse`
        : 'nothing became worse';
  return {
    subject: subjectLine('', `${headline}${incomplete}`, ` - ${digest.group}`),
    body: bodyOf([
      ...openingOf(digest, headline),
      '',
      `Open now     ${open}`,
      ...(digest.kind === 'baseline' ? [] : [`Changes      ${changesText(digest)}`]),
      ...(digest.newAccounts === undefined ? [] : [`New          ${newAccountsText(digest.newAccounts)}`]),
      `Not judged   ${plural(digest.unknown, 'verdict')} unknown, because something could not be read or decided`,
      `Looked at    ${plural(digest.scopesScanned, 'scope')} completely${digest.complete ? '' : `, ${digest.problems.length} not`}`,
      '',
      ...topLines(digest),
      ...problemLines(digest),
      ...waiverLines(digest),
      ...(digest.reportUrl === undefined ? [] : [`All findings: ${digest.reportUrl}`]),
      `Run: ${plainLine(digest.runId)}`,
    ]),
  };
}

function openingOf(digest: Digest, headline: string): string[] {
  const first = headline.charAt(0).toUpperCase() + headline.slice(1);
  if (digest.kind === 'baseline') return [`${first}.`, 'This is the first run; from now on only changes are reported.'];
  const since = digest.comparedWith === undefined ? '' : ` since ${when(digest.comparedWith)}`;
  const coverage =
    digest.coverageEqual === false ? ['The two runs did not cover the same accounts, regions and clusters.'] : [];
  return [`${first}${since}.`, ...coverage];
}

function changesText({ counts }: Digest): string {
  const parts = Object.entries(HAPPENED).flatMap(([kind, words]) => {
    const count = counts[kind as keyof typeof counts];
    return count > 0 ? [`${count} ${words}`] : [];
  });
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function topLines(digest: Digest): string[] {
  if (digest.top.length === 0) return [];
  const lines = digest.top.flatMap(({ transition: { kind, finding }, title, accountName }) => [
    `  ${finding.severity.padEnd(13)} ${resourceText(finding.resource, 60)}, ${accountText(finding.resource.accountId, accountName, 30)}, ${finding.resource.region}`,
    `                ${cutEnd(title, 110)}${kind === 'opened' ? '' : ` (${HAPPENED[kind]})`}`,
  ]);
  const more = digest.more > 0 ? [`  and ${digest.more} more`] : [];
  return [digest.kind === 'baseline' ? 'Most urgent' : 'Most urgent of what became worse', ...lines, ...more, ''];
}

function problemLines({ problems }: Digest): string[] {
  if (problems.length === 0) return [];
  const shown = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(
      ({ accountId, region, service, reason }) =>
        `  ${accountId} ${region} ${service}: ${cutEnd(plainLine(reason), 160)}`,
    );
  const more = problems.length - shown.length;
  return ['Could not look', ...shown, ...(more > 0 ? [`  and ${more} more`] : []), ''];
}

function waiverLines({ waiversExpiring }: Digest): string[] {
  if (waiversExpiring.length === 0) return [];
  const shown = waiversExpiring
    .slice(0, SHOWN_WAIVERS)
    .map(({ id, owner, expiresAt }) => `  ${plainLine(id)} on ${expiresAt.slice(0, 10)}, owner ${plainLine(owner)}`);
  const more = waiversExpiring.length - shown.length;
  return ['Waivers that expire soon', ...shown, ...(more > 0 ? [`  and ${more} more`] : []), ''];
}

/** The middle gives way when the whole is too long: what happened and where it happened must both stay readable. */
export function subjectLine(before: string, middle: string, after: string): string {
  const [start, end] = [asciiLine(`[Hullcheck] ${before}`), asciiLine(after)];
  const ending = end === '' ? '' : ` ${end}`;
  const room = Math.max(24, MAX_SUBJECT - start.length - 1 - ending.length);
  const subject = `${start} ${asciiLine(cutMiddle(asciiLine(middle), room - 2))}${ending}`;
  return subject.length <= MAX_SUBJECT ? subject : `${subject.slice(0, MAX_SUBJECT - 3)}...`;
}

/** The lines of a mail, each of them and all together within bounds. */
export function bodyOf(lines: readonly string[]): string {
  const clean = lines.map((line) => cutEnd(line, MAX_LINE));
  const shown = clean.length <= MAX_LINES ? clean : [...clean.slice(0, MAX_LINES - 1), '(shortened)'];
  return shown.join('\n');
}
