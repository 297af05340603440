import type { LifecyclePolicy } from '../../domain/ecr-lifecycle.ts';
import type { FactBase } from '../../domain/fact.ts';
import type { PolicyDocument } from '../../domain/iam-policy.ts';
import type { Observed } from '../../domain/observed.ts';
import type { InUse, ResourceBase } from '../../domain/resource.ts';

/** What was found in a stream of names: how many, and the first ten in code unit order. */
export interface NameSample {
  readonly count: number;
  readonly first: readonly string[];
}

export interface EcrFilter {
  /** `WILDCARD`, `WILDCARD_MATCH`; values AWS adds later stay visible as they are. */
  readonly type: string;
  readonly filter: string;
}

export interface EcrScanningRule {
  /** SCAN_ON_PUSH, CONTINUOUS_SCAN, MANUAL. */
  readonly frequency: string;
  readonly filters: readonly EcrFilter[];
}

/** The registry's own scanning configuration. */
export interface EcrRegistryScanning {
  /** BASIC, ENHANCED. */
  readonly scanType: string;
  readonly rules: readonly EcrScanningRule[];
}

export interface EcrSigningRule {
  readonly signingProfileArn?: string;
  /** Empty: the rule signs every image pushed to the registry. */
  readonly filters: readonly EcrFilter[];
}

export interface EcrCreationTemplate {
  /** `ROOT` is the template for everything that no other prefix matches. */
  readonly prefix: string;
  /** MUTABLE where the template does not say. */
  readonly tagMutability: string;
  readonly tagMutabilityExclusions: readonly EcrFilter[];
  /** PULL_THROUGH_CACHE, REPLICATION, CREATE_ON_PUSH. */
  readonly appliedFor: readonly string[];
  readonly lifecyclePolicy: Observed<LifecyclePolicy | null>;
}

/**
 * The private registry of one account and region. Its uid, `arn:<partition>:ecr:<region>:<account>:registry`, is ours:
 * AWS gives registries no ARN.
 */
export interface EcrRegistry extends ResourceBase<'EcrRegistry'> {
  readonly policy: Observed<PolicyDocument | null>;
  readonly scanning: Observed<EcrRegistryScanning>;
  /** Null where no signing is configured. */
  readonly signing: Observed<readonly EcrSigningRule[] | null>;
  readonly creationTemplates: Observed<readonly EcrCreationTemplate[]>;
  readonly repositoryCount: Observed<number>;
  /** Repositories whose images nothing scans by itself. */
  readonly unscannedRepositories: Observed<NameSample>;
}

/** What BatchGetRepositoryScanningConfiguration says: what is in effect, whoever decided it. */
export interface EcrEffectiveScanning {
  /** SCAN_ON_PUSH, CONTINUOUS_SCAN, MANUAL. */
  readonly frequency: string;
  /** The registry's filters that match the repository. */
  readonly appliedFilters: readonly string[];
}

/** Tags that stand against one filter of tag mutability (or against none of them), of images only. */
export interface EcrTagMatches {
  /** All but the tags of caches, signatures, attestations and SBOMs. */
  readonly tags: NameSample;
  readonly releaseTags: NameSample;
}

/** A digest that runs somewhere, and what the repository and its lifecycle policy make of it. */
export interface EcrRunningImage {
  readonly digest: string;
  /** False where the repository does not list the digest (any more); then nothing else is known. */
  readonly present: boolean;
  readonly tags: readonly string[];
  /** True for an image index, which points to one image a platform. */
  readonly isIndex: boolean;
  /** ISO 8601, UTC. */
  readonly pushedAt?: string;
  /** ACTIVE, ARCHIVED, ACTIVATING. */
  readonly status?: string;
  /** The only lifecycle rule that can act on it. */
  readonly lifecycle?: {
    readonly rulePriority: number;
    readonly action: 'expire' | 'archive';
    /** For a rule by age: when it selects the image; ISO 8601, UTC. */
    readonly selectedAt?: string;
    /** For a rule by count: whether more images than the rule keeps are newer. */
    readonly beyondCount?: boolean;
  };
}

/** An image that is in the repository. */
export interface EcrListedImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly isIndex: boolean;
  /** ISO 8601, UTC. */
  readonly pushedAt?: string;
}

/** All images of a repository, folded while they streamed by: its size does not depend on their number. */
export interface EcrImageSummary {
  readonly images: number;
  readonly taggedImages: number;
  readonly archivedImages: number;
  /** Image indexes; their children are images of their own, and DescribeImages does not say whose they are. */
  readonly indexes: number;
  /** Attestations, signatures, SBOMs, charts, caches: not images. */
  readonly otherArtifacts: number;
  /** One for each exclusion filter, in the order of the repository's filters. */
  readonly byExclusion: readonly ({ readonly filter: string } & EcrTagMatches)[];
  /** Tags that no exclusion filter matches. */
  readonly notExcluded: EcrTagMatches;
  /** Tags of the images that no lifecycle rule ever deletes; absent where the policy could not be read. */
  readonly unbounded?: NameSample;
  /** In order of digest. */
  readonly running: readonly EcrRunningImage[];
  /** The newest that can be scanned, newest first, a few of them. */
  readonly newest: readonly EcrListedImage[];
}

export interface EcrRepository extends ResourceBase<'AwsEcrRepository'> {
  /** MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION. */
  readonly tagMutability?: string;
  readonly tagMutabilityExclusions: readonly EcrFilter[];
  /** AES256, KMS, KMS_DSSE. */
  readonly encryptionType?: string;
  readonly kmsKey?: string;
  /** AWS or CUSTOMER; null where no KMS key is used. */
  readonly keyManager: Observed<string | null>;
  readonly scanning: Observed<EcrEffectiveScanning>;
  /** Whose setting decides about scanning: the rules of a registry that has any supersede the repository's own. */
  readonly scanningDecidedBy: Observed<'registry' | 'repository'>;
  /** Null where there is none. */
  readonly lifecyclePolicy: Observed<LifecyclePolicy | null>;
  readonly policy: Observed<PolicyDocument | null>;
  /** The registry's policy, which applies to its repositories as well. */
  readonly registryPolicy: Observed<PolicyDocument | null>;
  readonly images: Observed<EcrImageSummary>;
  /** Tags by which running workloads name images of the repository (a reference by digest names none); sorted. */
  readonly deployedTags: readonly string[];
  /** True where something runs an image of the repository and the platform did not say which digest. */
  readonly runsUnknownDigest: boolean;
  /** Known with `true` when everything that could run an image of the repository was read. */
  readonly usesListed: Observed<true>;
}

/**
 * A repository of the public gallery. Everybody may pull from it, by design and by choice of its publisher, so it is
 * part of the inventory and no check calls it public.
 */
export interface EcrPublicRepository extends ResourceBase<'EcrPublicRepository'> {
  readonly uri?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
}

/** The images of a repository that are worth a look (key: account/region/repository). */
export interface RepositoryImagesFact extends FactBase<'repository-images'> {
  readonly repositoryArn: string;
  readonly repositoryName: string;
  /** The repository's, as far as they may be shown. */
  readonly tags: Observed<Readonly<Record<string, string>>>;
  readonly images: Observed<{
    readonly running: readonly Omit<EcrRunningImage, 'lifecycle'>[];
    /** Only where none is known to run: a push changes nothing for the others. */
    readonly newest: readonly EcrListedImage[];
  }>;
  readonly use: {
    readonly inUse: InUse;
    /** As resources say it: the first ten. */
    readonly usedBy?: readonly string[];
    readonly usedByCount?: number;
  };
  readonly usesListed: Observed<true>;
  readonly runsUnknownDigest: boolean;
  /** Whether the registry signs what is pushed. */
  readonly signsOnPush: Observed<boolean>;
}

declare module '../../domain/fact.ts' {
  interface FactByKind {
    'repository-images': RepositoryImagesFact;
  }
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    EcrRegistry: EcrRegistry;
    AwsEcrRepository: EcrRepository;
    EcrPublicRepository: EcrPublicRepository;
  }
}
