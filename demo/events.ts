import { type EventPattern, matchesPattern } from './event-pattern.ts';
import { uuidOf } from './seed/tidewater.ts';

/** An event as EventBridge hands it to a target. */
export interface AwsEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601 in whole seconds, as EventBridge writes it. */
  time: string;
  region: string;
  resources: string[];
  detail: object;
}

/** An event before EventBridge has stamped it. */
export type NewEvent = Omit<AwsEvent, 'version' | 'id' | 'time'>;

/** A rule: which events of which Region go where. */
export interface EventRule {
  name: string;
  region: string;
  pattern: EventPattern;
  /** Takes the event; what it throws comes out of the delivery. */
  target: (event: AwsEvent) => Promise<void>;
}

/** An event and the names of the rules that took it. */
export interface Delivery {
  event: AwsEvent;
  rules: string[];
}

/**
 * The default event buses of the demo account. Services only post events; nothing is delivered before someone asks for
 * it, so that a test or the demo decides when, how often and in which order.
 */
export class EventBus {
  readonly #now: () => Date;
  readonly #waiting: AwsEvent[] = [];
  #rules: EventRule[] = [];
  #posted = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Adds a rule. Returns a function that takes it away again. */
  addRule(rule: EventRule): () => void {
    this.#rules.push(rule);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== rule);
    };
  }

  /** Stamps an event and keeps it for the next delivery, if any rule would take it; others are gone, as in AWS. */
  post(event: NewEvent): AwsEvent {
    this.#posted += 1;
    const time = `${this.#now().toISOString().slice(0, 19)}Z`;
    // Through JSON, as on the wire: dates become texts, and a later change of the world is not seen.
    const stamped: AwsEvent = JSON.parse(
      JSON.stringify({ version: '0', id: uuidOf(`event ${this.#posted}`), ...event, time }),
    );
    if (this.#rulesFor(stamped).length > 0) this.#waiting.push(stamped);
    return stamped;
  }

  /** The events that wait for delivery. */
  waiting(): readonly AwsEvent[] {
    return this.#waiting;
  }

  /** Takes away the events that wait, undelivered: a test may lose, double or reorder them. */
  take(): AwsEvent[] {
    return this.#waiting.splice(0);
  }

  /** Delivers one event to every rule that matches it. EventBridge delivers at least once: so may a test. */
  async putEvent(event: AwsEvent): Promise<Delivery> {
    const rules: string[] = [];
    for (const { name, target } of this.#rulesFor(event)) {
      await target(event);
      rules.push(name);
    }
    return { event, rules };
  }

  /** Delivers what waits, and what is posted meanwhile, in order. */
  async deliver(): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      deliveries.push(await this.putEvent(event));
    }
    return deliveries;
  }

  #rulesFor(event: AwsEvent): EventRule[] {
    return this.#rules.filter(({ region, pattern }) => region === event.region && matchesPattern(pattern, event));
  }
}
