import type { FactBase } from '../../domain/fact.ts';
import type { ImageConfiguration } from '../../domain/image-content.ts';
import type { LayerFindings } from '../../domain/image-layers.ts';
import type { ImageScan } from '../../domain/image-scan.ts';
import type { Observed } from '../../domain/observed.ts';
import type { ResourceBase } from '../../domain/resource.ts';

/** What is attached to an image. */
export interface ImageAttachments {
  /** Types of its signatures, sorted. */
  readonly signatures: readonly string[];
  /** Types of its bills of materials, sorted. */
  readonly billsOfMaterials: readonly string[];
}

/** One signing profile and how far its signature is. */
export interface ImageSigning {
  readonly profileArn: string;
  /** IN_PROGRESS, COMPLETE, FAILED. */
  readonly status: string;
}

/** One image: what a single platform runs. */
export interface EcrContainerImage {
  /** Of its manifest. */
  readonly digest: string;
  /** The index it was found in, where what runs (or was pushed) is an index. */
  readonly indexDigest?: string;
  /** Sorted; of the index where it has none of its own. */
  readonly tags: readonly string[];
  /** ISO 8601, UTC. */
  readonly pushedAt?: string;
  readonly running: boolean;
  /** How many uses are known that give a user of their own other than root, and how many are known in all. */
  readonly uses?: { readonly withOwnUser: number; readonly all: number };
  readonly os?: string;
  readonly architecture?: string;
  readonly baseName?: string;
  readonly configuration: Observed<ImageConfiguration>;
  /** Null where it was never scanned. */
  readonly scan: Observed<ImageScan | null>;
  readonly attachments: Observed<ImageAttachments>;
  /** Null where the registry signs nothing. */
  readonly signing: Observed<readonly ImageSigning[] | null>;
  /** Null where layers are not looked into, or there are none. */
  readonly layers: Observed<LayerFindings | null>;
}

/** A running digest, and whether the repository can still give it out. */
export interface RunningDigest {
  readonly digest: string;
  readonly present: boolean;
  readonly tags: readonly string[];
  /** ACTIVE, ARCHIVED, ACTIVATING. */
  readonly status?: string;
}

/**
 * The images of one repository that matter: those that run, else the newest. Its uid is the repository's ARN, so that a
 * deployment of another image changes no finding by itself; digests are evidence.
 */
export interface EcrContainerImages extends ResourceBase<'AwsEcrContainerImage'> {
  /** The repository's. */
  readonly tags: Observed<Readonly<Record<string, string>>>;
  /** The digests that run, in order. */
  readonly runningDigests: Observed<readonly RunningDigest[]>;
  /** Every one of them that is an image, and every image of an index; else the newest. In order of digest. */
  readonly images: Observed<readonly EcrContainerImage[]>;
  /** Known with `true` when everything that could run an image of the repository was read. */
  readonly usesListed: Observed<true>;
  /** True where something runs an image and the platform did not say which digest. */
  readonly runsUnknownDigest: boolean;
  /** Whether the registry signs what is pushed. */
  readonly signsOnPush: Observed<boolean>;
}

/** The user that images under one name start as (key: the name as task definitions and pods write it). */
export interface ImageUserFact extends FactBase<'image-user'> {
  readonly digest: string;
  /** As the image's configuration gives it; absent = it sets none, which is root. Unknown where it could not be read. */
  readonly user: Observed<string | null>;
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    AwsEcrContainerImage: EcrContainerImages;
  }
}

declare module '../../domain/fact.ts' {
  interface FactByKind {
    'image-user': ImageUserFact;
  }
}
