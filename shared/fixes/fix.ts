import type { JsonValue } from '../domain/json.ts';
import type { Observed } from '../domain/observed.ts';
import type { ClientClass, IamAction } from '../domain/ports.ts';
import type { ResourceByType, ResourceType } from '../domain/resource.ts';

/** Where a fix works, and how it speaks to the account. */
export interface FixPlace {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  clientFor<C>(clientClass: ClientClass<C>): C;
  /**
   * Makes one API call.
   *
   * @param operation the IAM action of the call, for example `ecr:PutLifecyclePolicy`
   * @throws FixCallError that says in a sentence why it did not answer
   */
  call<T>(operation: IamAction, send: () => Promise<T>): Promise<T>;
  /** Waits for something that AWS is still doing. */
  pause(milliseconds: number): Promise<void>;
}

/** A failure that was just seen again. */
export interface Failure<T extends ResourceType = ResourceType> {
  readonly checkId: string;
  readonly resource: ResourceByType[T];
  /** The parameters of the check. */
  readonly parameters: unknown;
  /** Whoever asked for the fix answers for what could not be found out about who uses the resource. */
  readonly allowUnknownUse: boolean;
}

export type FixDecision<S extends JsonValue> =
  | {
      readonly kind: 'change';
      /** What would be done, in one sentence, with what it costs or breaks. */
      readonly says: string;
      /** The settings as they should be afterwards: everything that was read, with the change in it. */
      readonly wanted: S;
    }
  | {
      readonly kind: 'refused';
      /** Why it cannot be fixed safely, in one sentence that says what a person can do. */
      readonly because: string;
    };

/**
 * Mends what a check complains of. Three steps that never mix: the settings are read, a pure function decides what they
 * should be, and what differs is written. Settings that are not part of the change are written back as they were read.
 */
export interface Fix<T extends ResourceType = ResourceType, S extends JsonValue = JsonValue> {
  /** Equals the file name; stands in the evidence. */
  readonly id: string;
  /** Ids of the checks whose failures it mends. */
  readonly checks: readonly string[];
  readonly resourceType: T;
  /** One line for people: what it does. */
  readonly does: string;
  /** The IAM actions it calls, and those that AWS asks of the caller besides; the responding role is generated from them. */
  readonly permissions: readonly IamAction[];
  /** True where it must be known who uses the resource, or the check cannot judge without. */
  readonly needsFacts: boolean;
  /** The name by which the collector finds the resource again; undefined where the uid is none of this type. */
  nameOf(uid: string): string | undefined;
  /** @throws FixCallError */
  read(place: FixPlace, resource: ResourceByType[T]): Promise<S>;
  /** Pure. Method syntax on purpose, as for checks. */
  decide(settings: S, failure: Failure<T>): FixDecision<S>;
  /**
   * Writes what differs, and waits until AWS has done it.
   *
   * @throws FixCallError
   */
  write(
    place: FixPlace,
    change: { readonly before: S; readonly wanted: S },
    resource: ResourceByType[T],
  ): Promise<void>;
}

/** Keeps the literal types of a fix; does nothing else. */
export function defineFix<const T extends ResourceType, S extends JsonValue>(fix: Fix<T, S>): Fix<T, S> {
  return fix;
}

export function refused(because: string): { readonly kind: 'refused'; readonly because: string } {
  return { kind: 'refused', because };
}

/** Why something observed is not known, in words for a sentence; undefined where it is known. */
export function whyUnknown(observed: Observed<unknown>): string | undefined {
  return observed.known ? undefined : observed.reason.message;
}
