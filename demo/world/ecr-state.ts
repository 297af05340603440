import type {
  ImageDetail,
  RegistryScanningConfiguration,
  Repository,
  RepositoryCreationTemplate,
  SigningConfiguration,
  Tag,
} from '@aws-sdk/client-ecr';
import type { Sequence } from '../paging.ts';
import type { ImageContents } from './image-contents.ts';

/** The private registry of one account and Region. */
export interface EcrState {
  registryPolicy: string | undefined;
  scanning: RegistryScanningConfiguration;
  signing: SigningConfiguration | undefined;
  creationTemplates: RepositoryCreationTemplate[];
  accountSettings: Record<string, string>;
  /** ARNs of principals whose pulls leave no trace in the images' pull times. */
  pullTimeExclusions: string[];
  repositories: RepositoryState[];
  /** Configurations and layers that were named to somebody, by digest. */
  blobs: Map<string, Buffer>;
}

export interface RepositoryState {
  repository: Repository & { repositoryName: string; repositoryArn: string };
  /** An array, or a sequence that makes image details when they are asked for. */
  images: Sequence<ImageDetail>;
  /** What is inside images of which something special is known, by digest. */
  contents?: Map<string, ImageContents>;
  policy: string | undefined;
  lifecyclePolicy: string | undefined;
  tags: Tag[];
}

/** A registry as AWS creates it. */
export function emptyEcr(): EcrState {
  return {
    registryPolicy: undefined,
    scanning: { scanType: 'BASIC', rules: [] },
    signing: undefined,
    creationTemplates: [],
    accountSettings: { BASIC_SCAN_TYPE_VERSION: 'AWS_NATIVE', REGISTRY_POLICY_SCOPE: 'V2', BLOB_MOUNTING: 'DISABLED' },
    pullTimeExclusions: [],
    repositories: [],
    blobs: new Map(),
  };
}
