import type { Observed } from './observed.ts';

/**
 * Open registry of resource types: each collector's `model.ts` merges its own types into it, so that checks are fully
 * typed without importing a collector. Keys are ASFF type names where one exists (`AwsEcrRepository`).
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging in collectors/<service>/model.ts
export interface ResourceByType {}

export type ResourceType = keyof ResourceByType & string;
export type Resource = ResourceByType[ResourceType];

/** `unknown` wherever something that could use the resource could not be read: never a guess in either direction. */
export type InUse = 'yes' | 'no' | 'unknown';

/** What every resource says about itself. All fields are plain JSON, so that an inventory can be stored and replayed. */
export interface ResourceBase<T extends string> {
  readonly type: T;
  /**
   * Permanent identity, the same before and after a deployment: an ARN where AWS gives a stable one, a task
   * definition's family ARN without the revision, a detector's region instead of its id.
   */
  readonly uid: string;
  /** The name people use for it; hostile text is possible in it. */
  readonly name: string;
  /** The resource's real ARN, where it has one and it differs from or equals the uid. */
  readonly arn?: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** Name of the ECS or EKS cluster it belongs to. */
  readonly cluster?: string;
  readonly namespace?: string;
  readonly tags?: Observed<Readonly<Record<string, string>>>;
  readonly inUse: InUse;
  /** Who uses it (service ARNs, rule ARNs), sorted, the first ten; `usedByCount` has the whole number. */
  readonly usedBy?: readonly string[];
  readonly usedByCount?: number;
}

/** The identity part of a resource, as findings carry it. */
export interface ResourceReference {
  readonly uid: string;
  readonly type: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly arn?: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

export function referenceTo(resource: ResourceBase<string>): ResourceReference {
  return {
    uid: resource.uid,
    type: resource.type,
    name: resource.name,
    accountId: resource.accountId,
    region: resource.region,
    partition: resource.partition,
    ...(resource.arn === undefined ? {} : { arn: resource.arn }),
    ...(resource.cluster === undefined ? {} : { cluster: resource.cluster }),
    ...(resource.namespace === undefined ? {} : { namespace: resource.namespace }),
  };
}
