import type { FactLookup } from './fact.ts';
import type { ResourceType } from './resource.ts';

/** An event of EventBridge, as far as triggers look at it. */
export interface ChangeEvent {
  readonly id: string;
  /** `aws.ecs`. */
  readonly source: string;
  readonly detailType: string;
  readonly accountId: string;
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** ARNs that the service names. */
  readonly resources: readonly string[];
  readonly detail: unknown;
  /** True where it was sent back to wait, and has: see {@link Trigger.settles}. */
  readonly waited?: boolean;
}

/** Something that may have changed, named as its collector finds it again. */
export interface Touched {
  /** The collector that reads it. */
  readonly service: string;
  readonly accountId: string;
  readonly region: string;
  /** Left out: the change concerns everything the service has there. */
  readonly resource?: {
    readonly type: ResourceType;
    /** What the service's API calls it: a repository, a family, a service, a cluster. */
    readonly name: string;
    /** Name of the ECS or EKS cluster it is in. */
    readonly cluster?: string;
    readonly arn?: string;
  };
}

/** The calls of an API that CloudTrail records as events. */
export interface RecordedCalls {
  /** `ecs.amazonaws.com`. */
  readonly eventSource: string;
  readonly eventNames: readonly string[];
}

/** Says which events concern a collector, and what they touch. The rules of EventBridge are generated from it. */
export interface Trigger {
  readonly source: string;
  readonly detailTypes: readonly string[];
  /** Set for calls that CloudTrail reports. */
  readonly calls?: RecordedCalls;
  /**
   * True for news that come in swarms, and may come before they can be read: what they touch is looked at somewhat
   * later, once for all of them.
   */
  readonly settles?: boolean;
  /** Pure. @returns nothing for an event that changes nothing that is judged */
  touched(event: ChangeEvent, facts: FactLookup): readonly Touched[];
}

/** A pattern of an EventBridge rule. */
export interface EventPattern {
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail?: Readonly<Record<string, readonly unknown[]>>;
}

export const CLOUDTRAIL_CALL = 'AWS API Call via CloudTrail';

/**
 * Makes the trigger of calls that CloudTrail reports. Calls that failed changed nothing, so they are not even sent.
 *
 * @param service IAM's prefix of the service, for example `ecs`
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function onCalls(service: string, eventNames: readonly string[], touched: Trigger['touched']): Trigger {
  return {
    source: `aws.${service}`,
    detailTypes: [CLOUDTRAIL_CALL],
    calls: { eventSource: `${service}.amazonaws.com`, eventNames },
    touched,
  };
}

/** Makes the trigger of events that a service sends itself. */
export function onEvents(source: string, detailTypes: readonly string[], touched: Trigger['touched']): Trigger {
  return { source, detailTypes, touched };
}

/** The same for events that come in swarms: see {@link Trigger.settles}. */
export function onSwarms(source: string, detailTypes: readonly string[], touched: Trigger['touched']): Trigger {
  return { source, detailTypes, touched, settles: true };
}

/** The pattern of the rule that forwards a trigger's events. */
export function patternOf({ source, detailTypes, calls }: Trigger): EventPattern {
  const pattern = { source: [source], 'detail-type': detailTypes };
  if (calls === undefined) return pattern;
  const { eventSource, eventNames } = calls;
  return {
    ...pattern,
    detail: { eventSource: [eventSource], eventName: eventNames, errorCode: [{ exists: false }] },
  };
}

/** What an event touches; nothing where no trigger knows it, or where it is a call that failed. */
export function touchedBy(triggers: readonly Trigger[], event: ChangeEvent, facts: FactLookup): readonly Touched[] {
  if (textAt(event.detail, 'errorCode') !== undefined) return [];
  return triggers.filter((trigger) => concerns(trigger, event)).flatMap((trigger) => trigger.touched(event, facts));
}

/** Whether any trigger knows events of this kind. */
export function isKnownEvent(triggers: readonly Trigger[], event: ChangeEvent): boolean {
  return triggers.some((trigger) => concerns(trigger, event));
}

/** Whether an event is one of a swarm: see {@link Trigger.settles}. */
export function settles(triggers: readonly Trigger[], event: ChangeEvent): boolean {
  return triggers.some((trigger) => trigger.settles === true && concerns(trigger, event));
}

/** The text at a path of an event's detail; undefined where there is none or an empty one. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The list at a path of an event's detail; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

function concerns({ source, detailTypes, calls }: Trigger, event: ChangeEvent): boolean {
  if (event.source !== source || !detailTypes.includes(event.detailType)) return false;
  if (calls === undefined) return true;
  const name = textAt(event.detail, 'eventName');
  return (
    textAt(event.detail, 'eventSource') === calls.eventSource && name !== undefined && calls.eventNames.includes(name)
  );
}
