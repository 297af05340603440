import { PublishCommand } from '@aws-sdk/client-sns';
import { classifyError } from '../../aws/errors.ts';
import type { GateRecord } from '../../domain/gate.ts';
import type { ClientClass } from '../../domain/ports.ts';
import { routeOf, type UnitsOfAccount } from '../../domain/route.ts';
import { cutEnd, plainLine } from '../plain-text.ts';
import type { Ownership } from './alert.ts';
import { attributesOf } from './attributes.ts';
import { chatMessage, inert } from './chat.ts';
import { bodyOf, subjectLine } from './human.ts';
import { MACHINE_SCHEMA } from './machine.ts';
import type { SnsRoute } from './sink.ts';
import { type MessageForm, openTopics, type Topics } from './topic.ts';
import { when } from './words.ts';

export interface DenialOptions {
  /** The topics of the default route. */
  readonly topics: Topics;
  readonly ownership: Ownership;
  readonly routes: readonly SnsRoute[];
  readonly unitsOf?: UnitsOfAccount;
  readonly clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C;
}

const SHOWN = 10;
const MAX_TEXT = 500;

/**
 * Tells whoever has the route of the first objection that a deployment was denied. It is news and no state: nothing is
 * opened that somebody would have to close.
 *
 * @returns what could not be delivered, one sentence for each topic
 */
export async function announceDenial(record: GateRecord, options: DenialOptions): Promise<readonly string[]> {
  const [first] = record.objections;
  const name = first === undefined ? undefined : routeOf(options.routes, first, options.unitsOf);
  const { topics, ownership } = options.routes.find((route) => route.name === name) ?? options;
  const problems: string[] = [];
  for (const topic of openTopics(topics, options.clientFor)) {
    const { subject, body } = messageFor(record, topic.form);
    try {
      await topic.client.send(
        new PublishCommand({
          TopicArn: topic.arn,
          Message: body,
          MessageAttributes: {
            ...attributesOf({
              kind: 'gate',
              severity: first?.severity,
              account: first?.resource.accountId,
              region: first?.resource.region,
              checkId: first?.checkId,
              env: ownership.env,
              team: ownership.team,
            }),
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

/** The record, shortened and made harmless, in the form of one kind of topic. */
function messageFor(record: GateRecord, form: MessageForm): { readonly subject?: string; readonly body: string } {
  const what = record.target ?? record.subjects[0]?.name ?? 'a deployment';
  if (form === 'machine') return { body: JSON.stringify(machineOf(record, what)) };
  if (form === 'human')
    return { subject: subjectLine('deployment denied: ', what, ''), body: bodyOf(linesOf(record, what)) };
  return {
    body: JSON.stringify(
      chatMessage({
        id: `gate/${record.at}`,
        title: `Deployment denied: ${inert(what)}`,
        description: [record.says, ...reasonsOf(record).map((reason) => `• ${reason}`)].map(inert).join('\n'),
        nextSteps: [howToGoOn(record)],
        keywords: ['gate'],
        threadId: `gate/${plainLine(what)}`,
        summary: inert(record.says),
        eventType: 'hullcheck.gate',
        relatedResources: record.target === undefined ? [] : [plainLine(record.target)],
      }),
    ),
  };
}

function linesOf(record: GateRecord, what: string): readonly string[] {
  return [
    plainLine(record.says),
    '',
    `What       ${plainLine(what)}`,
    `When       ${when(record.at)}`,
    `Asked by   ${plainLine(record.requestedBy)}`,
    '',
    ...reasonsOf(record).map((reason) => `  ${plainLine(reason)}`),
    '',
    howToGoOn(record),
  ];
}

function reasonsOf({ objections, notLooked }: GateRecord): readonly string[] {
  const all = [
    ...objections.map(({ severity, subject, says }) => `${severity}: ${subject} ${says}`),
    ...notLooked.map((sentence) => `could not look: ${sentence}`),
  ];
  return all.length > SHOWN ? [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more`] : all;
}

function howToGoOn({ objections }: GateRecord): string {
  const [first] = objections;
  if (first === undefined) return 'Let the gate look, and deploy again; or set gate.whenNotLooked.';
  return `Mend it and deploy again, or accept it for a while: a waiver of ${first.checkId} on ${plainLine(first.resource.uid)}.`;
}

function machineOf(record: GateRecord, what: string): object {
  const text = (value: string) => cutEnd(plainLine(value), MAX_TEXT);
  return {
    schema: MACHINE_SCHEMA,
    kind: 'gate',
    eventAction: 'notify',
    dedupKey: `gate/${text(what)}`,
    decision: record.decision,
    says: text(record.says),
    at: record.at,
    requestedBy: text(record.requestedBy),
    target: record.target === undefined ? undefined : text(record.target),
    subjects: record.subjects.slice(0, SHOWN).map(({ kind, name, digest }) => ({ kind, name: text(name), digest })),
    objections: record.objections.slice(0, SHOWN).map(({ clause, subject, says, checkId, severity, resource }) => ({
      clause,
      subject: text(subject),
      says: text(says),
      checkId,
      severity,
      uid: text(resource.uid),
    })),
    notLooked: record.notLooked.slice(0, SHOWN).map(text),
  };
}
