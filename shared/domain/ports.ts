import type { CoverageGap } from './coverage.ts';
import type { Fact, FactKind, FactLookup } from './fact.ts';
import type { Finding } from './finding.ts';
import type { ScanTarget } from './inventory.ts';
import type { Observed } from './observed.ts';
import type { Resource, ResourceType } from './resource.ts';
import type { ClassifiedText } from './secret.ts';
import type { Touched, Trigger } from './trigger.ts';

/** An IAM action, `service:Operation`. */
export type IamAction = `${string}:${string}`;

/** How a client class of the AWS SDK is named without importing the SDK here. */
export type ClientClass<C> = new (configuration: never) => C;

/** What a read may say instead of failing. */
export interface ReadOptions {
  /** The uid of what is being read; listings leave it out. */
  readonly resource?: string;
  readonly cluster?: string;
}

/**
 * Remembers texts for good by the content they were made of, so that what never changes is read once ever. Empty for a
 * run without a ledger.
 */
export interface ContentMemory {
  /** What is remembered under these keys; the others are absent. */
  recall(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  remember(texts: ReadonlyMap<string, string>): Promise<void>;
}

/** How deep images are looked into. */
export interface ImageSettings {
  /** Images of a repository that are looked at where none is known to run: the newest. */
  readonly newest: number;
  /** Whether manifests and configurations are fetched, which ECR counts as pulls. */
  readonly configuration: boolean;
  /** Whether the layers of running images are read. */
  readonly layers: boolean;
}

/** What a collector is given: one account in one region, and how to speak to it. */
export interface CollectorContext extends ScanTarget {
  readonly now: Date;
  /** The facts left by collectors of earlier phases. */
  readonly facts: FactLookup;
  readonly contents: ContentMemory;
  readonly imageSettings: ImageSettings;
  /** A client of the account, for this region unless another is named; shared limiter and retries are built in. */
  clientFor<C>(clientClass: ClientClass<C>, region?: string): C;
  /**
   * Runs one API call (or one pagination to its end). An error becomes an unknown and is reported as a gap.
   *
   * @param operation the IAM action of the call, for example `ecr:GetRepositoryPolicy`
   */
  read<T>(operation: IamAction, call: () => Promise<T>, options?: ReadOptions): Promise<Observed<T>>;
  /**
   * Like {@link CollectorContext.read}, with error names that are answers: where AWS says "there is none" by an
   * exception, the value is `null`.
   */
  readOptional<T>(
    operation: IamAction,
    absentErrors: readonly string[],
    call: () => Promise<T>,
    options?: ReadOptions,
  ): Promise<Observed<T | null>>;
  /**
   * Streams a pagination item by item. Stops at the first error, which is reported as a gap; the returned value of the
   * generator tells whether the listing came to its end.
   */
  readPages<P, T>(
    operation: IamAction,
    pages: () => AsyncIterable<P>,
    itemsOf: (page: P) => readonly T[] | undefined,
    options?: ReadOptions,
  ): AsyncGenerator<T, Observed<true>>;
  /** Reports a gap that no failed call shows by itself (an item without an ARN, a failure listed in an answer). */
  reportGap(gap: Omit<CoverageGap, 'accountId' | 'region' | 'service' | 'count'>): void;
  /** Classifies free text that may hold a secret; the text itself goes no further. */
  classify(name: string, text: string): Promise<ClassifiedText>;
}

export type CollectedItem =
  | { readonly resource: Resource }
  | { readonly fact: Fact }
  /** All facts of this kind that the unit can state have been stated. */
  | { readonly factsComplete: FactKind };

/** What a second look at a single resource gives. */
export type RecheckedItem =
  | { readonly resource: Resource }
  /** It does not exist any more. */
  | { readonly gone: { readonly type: ResourceType; readonly uid: string } }
  /** All facts of these kinds that are about a subject (a user of images, a cluster), in place of the earlier ones. */
  | { readonly corrected: FactCorrection };

/** See {@link RecheckedItem}. */
export interface FactCorrection {
  /** ARN of what the facts are about: the user of an image or a task definition, the cluster. */
  readonly subject: string;
  readonly kinds: readonly FactKind[];
  readonly facts: readonly Fact[];
}

/** Reads one service of one account and region. The only rooms that call AWS to read are collectors. */
export interface Collector {
  /** `ecr`, `ecs`, `eks`, `guardduty`, `inspector`. */
  readonly service: string;
  readonly resourceTypes: readonly ResourceType[];
  /** The IAM actions the collector may call; the reading role is generated from them. */
  readonly permissions: readonly IamAction[];
  readonly producesFacts: readonly FactKind[];
  /** Fact kinds it looks up while collecting: their producers run first, in all targets of the scan. */
  readonly needsFacts: readonly FactKind[];
  /**
   * Fact kinds that decide which resources there are (one for each cluster of another service): where they are not all
   * stated, a resource that was not yielded is not proven to be gone.
   */
  readonly resourcesFollowFacts?: readonly FactKind[];
  /** True where the service has only one region to ask in each partition (ECR Public). */
  collect(context: CollectorContext): AsyncIterable<CollectedItem>;
  /** The events that tell of changes to what it reads. */
  readonly triggers?: readonly Trigger[];
  /**
   * The types that {@link Collector.collectOne} reads, first those whose look includes what they depend on; what touches
   * others is left to a scan of the service.
   */
  readonly recheckableTypes?: readonly ResourceType[];
  /**
   * Reads one resource, and what depends on it, with the fewest calls. Never called without a `resource`.
   *
   * @param touched what changed, of one of the {@link Collector.recheckableTypes}
   */
  collectOne?(context: CollectorContext, touched: Required<Touched>): AsyncIterable<RecheckedItem>;
  /** What of its own has to be looked at again when a recheck of something else finds that this fact came or went. */
  touchedByFact?(fact: Fact): Touched | undefined;
}

export const TRANSITION_KINDS = [
  'opened',
  'reopened',
  'worsened',
  'fixed',
  'gone',
  'waived',
  'waiver-expired',
] as const;

/** Why something that was not fixed is closed, where it is not that its resource is gone. */
export type ClosedBecause = 'out of scope' | 'check retired';

/** A change of a finding worth telling: the only thing sinks get. */
export interface Transition {
  readonly kind: (typeof TRANSITION_KINDS)[number];
  readonly finding: Finding;
  /** When the finding was first seen; ISO 8601, UTC. */
  readonly firstSeenAt: string;
  /** When this look was taken; ISO 8601, UTC. */
  readonly observedAt: string;
  /** When it first failed, where that is later than when it was first seen; ISO 8601, UTC. */
  readonly firstFailedAt?: string;
  /** How often it came back after having been fixed. */
  readonly reopenedCount?: number;
  /** True where no destination has ever heard of the finding; absent = not known (a run without a ledger). */
  readonly neverPublished?: boolean;
  /** On `gone`, where the resource may well exist. */
  readonly closedBecause?: ClosedBecause;
  /** Parts of the destination (a topic of several) that took it when another part refused it. */
  readonly deliveredTo?: readonly string[];
}

/** What a sink did with what it was given. Nothing is ever lost silently. */
export interface SinkReport {
  readonly sink: string;
  readonly published: number;
  /** Findings whose becoming worse got a message of its own: no digest has to tell of it again. */
  readonly alerted?: readonly string[];
  /** What only some parts of the destination took: the others get it again, and these do not. */
  readonly partly?: readonly { readonly findingId: string; readonly parts: readonly string[] }[];
  /** Accepted by the call, refused inside it. */
  readonly rejected: readonly { readonly findingId: string; readonly code: string; readonly message: string }[];
  /** Scopes that could not be published to at all (hub not enabled, role missing). */
  readonly notPublished: readonly {
    readonly accountId: string;
    readonly region: string;
    readonly reason: string;
    readonly count: number;
  }[];
}

/** A destination for transitions. */
export interface Sink {
  readonly name: string;
  readonly permissions: readonly IamAction[];
  /** True where findings are kept: such a destination also gets keep-alives and changes that are no news. */
  readonly holdsFindings?: boolean;
  publish(transitions: AsyncIterable<Transition> | Iterable<Transition>): Promise<SinkReport>;
}
