import { PublishCommand } from '@aws-sdk/client-sns';
import { classifyError, errorName } from '../../aws/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { ClientClass, IamAction, Sink, SinkReport, Transition } from '../../domain/ports.ts';
import { DEFAULT_ROUTE, mayTakeFrom, type Route, routeOf, type UnitsOfAccount } from '../../domain/route.ts';
import { cutEnd, utf8Bytes } from '../plain-text.ts';
import { SinkReportBuilder } from '../sink-report.ts';
import { type Alert, type AlertLookups, createAlert, isImmediate, isResolving, type Ownership } from './alert.ts';
import type { AlertMemory } from './alert-memory.ts';
import { type Attributes, alertAttributes, attributeBytes, digestAttributes } from './attributes.ts';
import { chatAlert, chatDigest } from './chat.ts';
import { createDigest, type Digest, type DigestFacts, isForPeople, isWorthTelling } from './digest.ts';
import { humanAlert, humanDigest } from './human.ts';
import { machineAlert, machineDigest } from './machine.ts';
import { type MessageForm, openTopics, type Topic, type Topics } from './topic.ts';

/** The default limit of a topic: body and attributes together, in bytes. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** A route with topics of its own. */
export interface SnsRoute extends Route {
  readonly topics: Topics;
  readonly ownership: Ownership;
}

export interface SnsSinkOptions extends AlertLookups {
  /** Tells the default route of every run, also of one that found nothing new (OC-10). */
  readonly everyRun?: boolean;
  /** The topics of the default route. */
  readonly topics: Topics;
  /** In this order; the first that takes a finding has it, the default route has the rest. */
  readonly routes?: readonly SnsRoute[];
  /** Where accounts are in the organization, for routes that ask for it. */
  readonly unitsOf?: UnitsOfAccount;
  readonly clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C;
  readonly memory: AlertMemory;
}

interface Outgoing {
  readonly subject?: string;
  readonly body: string;
}

/**
 * Alerts people and machines about what became worse. Single messages only for CRITICAL failures of what runs, few in
 * each run and route; everything else comes in the run's digest. Being quiet otherwise is part of the contract.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export class SnsSink implements Sink {
  readonly name = 'sns';
  readonly permissions: readonly IamAction[] = ['sns:Publish'];
  readonly #options: SnsSinkOptions;
  readonly #routes: readonly SnsRoute[];
  readonly #topics: ReadonlyMap<string, readonly Topic[]>;

  readonly tellsEveryRun: boolean;

  /** @throws Error for a topic ARN that cannot work */
  constructor(options: SnsSinkOptions) {
    this.#options = options;
    this.tellsEveryRun = options.everyRun === true;
    this.#routes = options.routes ?? [];
    this.#topics = new Map([
      [DEFAULT_ROUTE, openTopics(options.topics, options.clientFor)],
      ...this.#routes.map(({ name, topics }) => [name, openTopics(topics, options.clientFor)] as const),
    ]);
  }

  get routes(): readonly string[] {
    return [...this.#topics.keys()];
  }

  routeOf(finding: Finding): string {
    return routeOf(this.#routes, finding, this.#options.unitsOf);
  }

  mayTakeFrom(route: string, place: { readonly accountId: string; readonly region: string }): boolean {
    return mayTakeFrom(this.#find(route)?.match ?? {}, place, this.#options.unitsOf);
  }

  /** Sends the single alerts of a unit of work, and resolves what was alerted before. */
  async publish(transitions: AsyncIterable<Transition> | Iterable<Transition>): Promise<SinkReport> {
    const report = new SinkReportBuilder(this.name);
    for await (const transition of transitions) {
      const had = new Set(transition.deliveredTo);
      const route = await this.#routeFor(transition, had.size > 0);
      if (route === undefined) continue;
      const ownership = this.#find(route)?.ownership;
      const alert = createAlert(transition, {
        ...this.#options,
        ...(ownership === undefined ? {} : { ownershipOf: () => ownership }),
      });
      const { taken, refused } = await this.#sendAll(
        this.#topicsOf(route).filter(({ arn }) => !had.has(arn)),
        alert.dedupKey,
        (form, maxBytes) => alertBody(alert, form, maxBytes),
        alertAttributes(alert),
        report,
      );
      const { id } = transition.finding;
      const parts = [...had, ...taken];
      if (parts.length === 0 && refused > 0) continue;
      if (refused > 0) report.partly(id, parts);
      // It is over when every topic knows: until then its end has to go where its beginning went.
      if (refused === 0 || alert.eventAction === 'trigger') {
        await this.#options.memory.record(id, alert.eventAction, route);
      }
      if (taken.length > 0 || refused === 0) report.published(1);
      if (alert.eventAction === 'trigger') report.alerted(id);
    }
    return report.build();
  }

  /** Sends a route the one message of a finished run, if it has anything to tell. */
  async publishDigest(
    facts: DigestFacts,
    transitions: AsyncIterable<Transition> | Iterable<Transition>,
    route: string = DEFAULT_ROUTE,
  ): Promise<SinkReport> {
    const report = new SinkReportBuilder(this.name);
    const digest = await createDigest(facts, transitions, this.#options);
    const isSummary = this.tellsEveryRun && route === DEFAULT_ROUTE;
    if (!isSummary && !isWorthTelling(digest)) return report.build();
    const { taken, refused } = await this.#sendAll(
      this.#topicsOf(route),
      digest.dedupKey,
      (form, maxBytes) => digestBody(digest, form, maxBytes, isSummary || isForPeople(digest)),
      digestAttributes(digest, this.#find(route)?.ownership),
      report,
    );
    if (taken.length > 0 || refused === 0) report.published(1);
    return report.build();
  }

  /**
   * Where a transition's message goes: its end to where its beginning went, and what a topic refused to where the others
   * took it, whatever the routes say now.
   */
  async #routeFor(transition: Transition, isPartlyTold: boolean): Promise<string | undefined> {
    const { memory } = this.#options;
    const { finding } = transition;
    if (isResolving(transition)) return memory.routeOfOpen(finding.id);
    if (!isImmediate(transition)) return undefined;
    if (isPartlyTold) return memory.routeOfOpen(finding.id);
    const route = this.routeOf(finding);
    return (await memory.reserve(finding.id, route)) ? route : undefined;
  }

  #find(route: string): SnsRoute | undefined {
    return this.#routes.find(({ name }) => name === route);
  }

  /** A route that is not configured any more is the default route's business. */
  #topicsOf(route: string): readonly Topic[] {
    return this.#topics.get(route) ?? this.#topics.get(DEFAULT_ROUTE) ?? [];
  }

  /** Tries every topic, even after one failed; says which took the message and how many refused it. */
  async #sendAll(
    topics: readonly Topic[],
    key: string,
    bodyFor: (form: MessageForm, maxBytes: number) => Outgoing | undefined,
    attributes: Attributes,
    report: SinkReportBuilder,
  ): Promise<{ readonly taken: readonly string[]; readonly refused: number }> {
    const maxBytes = MAX_MESSAGE_BYTES - attributeBytes(attributes);
    const taken: string[] = [];
    let refused = 0;
    for (const topic of topics) {
      const outgoing = bodyFor(topic.form, maxBytes);
      if (outgoing === undefined) continue;
      const { subject, body } = outgoing;
      try {
        await topic.client.send(
          new PublishCommand({
            TopicArn: topic.arn,
            Message: fitting(body, maxBytes),
            MessageAttributes: { ...attributes },
            ...(subject === undefined ? {} : { Subject: subject }),
          }),
        );
        taken.push(topic.arn);
      } catch (error) {
        const { message } = classifyError(error, 'sns:Publish');
        const sentence = message.replace('the reading role', 'the publishing role');
        report.rejected(key, errorName(error), `${topic.form} topic ${topic.arn}: ${sentence}`);
        refused += 1;
      }
    }
    return { taken, refused };
  }
}

/** That something is over is told to incident tools only; people asked for silence. */
function alertBody(alert: Alert, form: MessageForm, maxBytes: number): Outgoing | undefined {
  if (alert.eventAction === 'resolve' && form !== 'machine') return undefined;
  if (form === 'human') return humanAlert(alert);
  return { body: form === 'chat' ? JSON.stringify(chatAlert(alert)) : machineAlert(alert, maxBytes) };
}

function digestBody(digest: Digest, form: MessageForm, maxBytes: number, forPeople: boolean): Outgoing | undefined {
  if (form !== 'machine' && !forPeople) return undefined;
  if (form === 'human') return humanDigest(digest);
  return { body: form === 'chat' ? JSON.stringify(chatDigest(digest)) : machineDigest(digest, maxBytes) };
}

/** The forms are bounded far below the limit; a plain text that is not is cut, because a lost alert is worse. */
function fitting(body: string, maxBytes: number): string {
  return utf8Bytes(body) <= maxBytes ? body : cutEnd(body, Math.floor(maxBytes / 3));
}
