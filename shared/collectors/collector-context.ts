import { classifyError, errorName } from '../aws/errors.ts';
import type { CoverageGap } from '../domain/coverage.ts';
import type { FactLookup } from '../domain/fact.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import { known, type Observed, type Unreadable, unknown } from '../domain/observed.ts';
import type {
  ClientClass,
  CollectorContext,
  ContentMemory,
  IamAction,
  ImageSettings,
  ReadOptions,
} from '../domain/ports.ts';
import type { ClassifiedText } from '../domain/secret.ts';
import { GapLog } from './gap-log.ts';
import { RunMemory } from './run-memory.ts';

export interface CollectorContextOptions {
  readonly target: ScanTarget;
  readonly service: string;
  readonly now: Date;
  readonly facts: FactLookup;
  readonly clientFor: <C>(clientClass: ClientClass<C>, region: string) => C;
  readonly classify: (name: string, text: string) => Promise<ClassifiedText>;
  /** Default: a memory of this unit alone. */
  readonly contents?: ContentMemory;
  readonly imageSettings?: ImageSettings;
}

const USUAL_IMAGE_SETTINGS: ImageSettings = { newest: 1, configuration: true, layers: false };

/**
 * After this many denials of one operation without a single success, the operation is not called again in the unit:
 * the answer is known, and each further call would only be noise in the account's CloudTrail.
 */
const DENIALS_BEFORE_GIVING_UP = 5;

/** What a collector works with in one account and region; keeps the gaps that turn up on the way. */
export class UnitContext implements CollectorContext {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly now: Date;
  readonly facts: FactLookup;
  readonly contents: ContentMemory;
  readonly imageSettings: ImageSettings;
  readonly gaps: GapLog;
  readonly classify: (name: string, text: string) => Promise<ClassifiedText>;
  readonly #clientFor: CollectorContextOptions['clientFor'];
  readonly #denials = new Map<string, { count: number; reason: Unreadable }>();
  readonly #answered = new Set<string>();

  constructor(options: CollectorContextOptions) {
    const { target, service, now, facts, clientFor, classify } = options;
    this.accountId = target.accountId;
    this.region = target.region;
    this.partition = target.partition;
    this.now = now;
    this.facts = facts;
    this.contents = options.contents ?? new RunMemory();
    this.imageSettings = options.imageSettings ?? USUAL_IMAGE_SETTINGS;
    this.classify = classify;
    this.gaps = new GapLog(target, service);
    this.#clientFor = clientFor;
  }

  clientFor<C>(clientClass: ClientClass<C>, region: string = this.region): C {
    return this.#clientFor(clientClass, region);
  }

  async read<T>(operation: IamAction, call: () => Promise<T>, options: ReadOptions = {}): Promise<Observed<T>> {
    return this.readOptional(operation, [], call, options) as Promise<Observed<T>>;
  }

  async readOptional<T>(
    operation: IamAction,
    absentErrors: readonly string[],
    call: () => Promise<T>,
    options: ReadOptions = {},
  ): Promise<Observed<T | null>> {
    const refused = this.#refusedBefore(operation);
    if (refused !== undefined) return this.#unreadable(refused, options);
    try {
      const value = await call();
      this.#answered.add(operation);
      return known(value);
    } catch (error) {
      if (absentErrors.includes(errorName(error))) {
        this.#answered.add(operation);
        return known(null);
      }
      return this.#unreadable(this.#noteDenial(classifyError(error, operation)), options);
    }
  }

  async *readPages<P, T>(
    operation: IamAction,
    pages: () => AsyncIterable<P>,
    itemsOf: (page: P) => readonly T[] | undefined,
    options: ReadOptions = {},
  ): AsyncGenerator<T, Observed<true>> {
    const refused = this.#refusedBefore(operation);
    if (refused !== undefined) return this.#unreadable(refused, options);
    const iterator = pages()[Symbol.asyncIterator]();
    for (;;) {
      let step: IteratorResult<P>;
      try {
        step = await iterator.next();
        this.#answered.add(operation);
      } catch (error) {
        return this.#unreadable(this.#noteDenial(classifyError(error, operation)), options);
      }
      if (step.done === true) return known(true);
      yield* itemsOf(step.value) ?? [];
    }
  }

  reportGap(gap: Omit<CoverageGap, 'accountId' | 'region' | 'service' | 'count'>): void {
    this.gaps.add(gap);
  }

  #unreadable(reason: Unreadable, options: ReadOptions): { readonly known: false; readonly reason: Unreadable } {
    this.gaps.add({
      operation: reason.operation,
      cause: reason.cause,
      reason: reason.message,
      ...(reason.missingPermission === undefined ? {} : { missingPermission: reason.missingPermission }),
      ...options,
    });
    return unknown(reason) as { known: false; reason: Unreadable };
  }

  #noteDenial(reason: Unreadable): Unreadable {
    if (reason.cause !== 'denied' && reason.cause !== 'denied-by-scp') return reason;
    const count = (this.#denials.get(reason.operation)?.count ?? 0) + 1;
    this.#denials.set(reason.operation, { count, reason });
    return reason;
  }

  #refusedBefore(operation: string): Unreadable | undefined {
    const denial = this.#denials.get(operation);
    if (denial === undefined || this.#answered.has(operation)) return undefined;
    const enough = denial.reason.cause === 'denied-by-scp' ? 1 : DENIALS_BEFORE_GIVING_UP;
    return denial.count >= enough ? denial.reason : undefined;
  }
}
