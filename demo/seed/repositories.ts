import type { ImageDetail, Repository } from '@aws-sdk/client-ecr';
import type { RepositoryState } from '../world/ecr-state.ts';
import type { RegionState } from '../world/world.ts';
import { seedImageContents } from './image-contents.ts';
import { archived, multiArchitecture, referrers, release, tagSignature, untagged } from './images.ts';
import {
  archivingLifecycle,
  boundedLifecycle,
  foreignPushPolicy,
  openReplicationPolicy,
  organizationPolicy,
  publicPolicy,
  recklessLifecycle,
  replicationPolicy,
  untaggedOnlyLifecycle,
} from './policies.ts';
import { containerKeyArn, daysBefore, ecrManagedKeyArn, homeAccount } from './tidewater.ts';

type Settings = Partial<Omit<RepositoryState, 'repository'>> & {
  repository?: Partial<Omit<Repository, 'repositoryName' | 'repositoryArn'>>;
};

/** A repository as AWS creates it when nobody sets anything, with the differences given. */
export function repository(account: string, region: string, name: string, settings: Settings = {}): RepositoryState {
  return {
    images: [],
    policy: undefined,
    lifecyclePolicy: undefined,
    tags: [],
    ...settings,
    repository: {
      repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
      registryId: account,
      repositoryName: name,
      repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
      createdAt: new Date('2024-03-05T09:12:44.512Z'),
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
      ...settings.repository,
    },
  };
}

const customerKey = { encryptionType: 'KMS', kmsKey: containerKeyArn } as const;
const managedKey = { encryptionType: 'KMS', kmsKey: ecrManagedKeyArn } as const;
const immutable = { imageTagMutability: 'IMMUTABLE', encryptionConfiguration: customerKey } as const;

/** The registries of Tidewater Foods. */
export function seedRepositories(now: Date, usEast1: RegionState, euWest1: RegionState): void {
  usEast1.ecr.repositories.push(...goodRepositories(now), ...badRepositories(now));
  seedImageContents(now, usEast1);
  usEast1.ecr.registryPolicy = replicationPolicy;
  usEast1.ecr.scanning = {
    scanType: 'ENHANCED',
    rules: [
      { scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: 'tidewater/*', filterType: 'WILDCARD' }] },
      { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 'partners/*', filterType: 'WILDCARD' }] },
    ],
  };
  usEast1.ecr.signing = {
    rules: [
      {
        signingProfileArn: `arn:aws:signer:us-east-1:${homeAccount}:/signing-profiles/TidewaterContainers`,
        repositoryFilters: [{ filter: 'tidewater/secure-*', filterType: 'WILDCARD_MATCH' }],
      },
    ],
  };
  usEast1.ecr.creationTemplates = [
    {
      prefix: 'tidewater/',
      description: 'Our own images',
      imageTagMutability: 'IMMUTABLE',
      encryptionConfiguration: customerKey,
      lifecyclePolicy: boundedLifecycle,
      appliedFor: ['REPLICATION', 'CREATE_ON_PUSH'],
      createdAt: new Date('2025-02-11T08:00:00Z'),
      updatedAt: new Date('2025-02-11T08:00:00Z'),
    },
    {
      prefix: 'dockerhub/',
      description: 'Pull-through cache of Docker Hub',
      imageTagMutability: 'MUTABLE',
      encryptionConfiguration: { encryptionType: 'AES256' },
      appliedFor: ['PULL_THROUGH_CACHE'],
      createdAt: new Date('2025-02-11T08:05:00Z'),
      updatedAt: new Date('2025-02-11T08:05:00Z'),
    },
  ];
  euWest1.ecr.registryPolicy = openReplicationPolicy;
  const scanned = { imageScanningConfiguration: { scanOnPush: true } };
  euWest1.ecr.repositories.push(
    repository(homeAccount, 'eu-west-1', 'tidewater/storefront-eu', {
      repository: { ...scanned, imageTagMutability: 'IMMUTABLE' },
      lifecyclePolicy: boundedLifecycle,
      images: [release(now, 'tidewater/storefront-eu', 'v3.1.0', 20)],
    }),
    repository(homeAccount, 'eu-west-1', 'tidewater/eu-batch', {
      images: [release(now, 'tidewater/eu-batch', 'v0.9.1', 130)],
    }),
  );
}

function ours(name: string, settings: Settings): RepositoryState {
  const tags = [{ Key: 'team', Value: 'platform' }];
  return repository(homeAccount, 'us-east-1', name, { tags, ...settings });
}

function goodRepositories(now: Date): RepositoryState[] {
  const secureApp = 'tidewater/secure-app';
  const orders = 'tidewater/orders-api';
  return [
    ours(secureApp, {
      repository: immutable,
      lifecyclePolicy: boundedLifecycle,
      images: [
        release(now, secureApp, 'v1.2.2', 61),
        release(now, secureApp, 'v1.2.3', 12),
        ...referrers(now, secureApp, 'v1.2.3', 12),
      ],
    }),
    ours(orders, {
      repository: {
        ...immutable,
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'cache*' }],
      },
      lifecyclePolicy: boundedLifecycle,
      images: [
        release(now, orders, 'v7.0.0', 40),
        ...multiArchitecture(now, orders, 'v8.0.0', 3),
        tagSignature(now, orders, 'v7.0.0', 40),
      ],
    }),
    ours('tidewater/log-router', {
      repository: immutable,
      lifecyclePolicy: boundedLifecycle,
      images: [release(now, 'tidewater/log-router', 'v2.34.0', 30)],
    }),
    ours('dockerhub/library/nginx', {
      repository: { encryptionConfiguration: customerKey, imageTagMutability: 'IMMUTABLE' },
      policy: organizationPolicy,
      lifecyclePolicy: boundedLifecycle,
      images: [release(now, 'dockerhub/library/nginx', '1.29.3', 25)],
    }),
  ];
}

function badRepositories(now: Date): RepositoryState[] {
  const storefront = 'tidewater/storefront';
  const many = (name: string, count: number): ImageDetail[] =>
    Array.from({ length: count }, (_, index) => untagged(now, name, `build ${index}`, 30 + index));
  return [
    ours(storefront, {
      images: [
        release(now, storefront, 'latest', 2, { imageTags: ['latest', 'main'] }),
        release(now, storefront, 'v5.4.0', 33),
        ...many(storefront, 8),
      ],
    }),
    ours('tidewater/recipe-importer', {
      policy: publicPolicy,
      lifecyclePolicy: boundedLifecycle,
      repository: immutable,
      images: [release(now, 'tidewater/recipe-importer', 'v0.4.1', 75)],
    }),
    ours('tidewater/freight-tracker', {
      repository: {
        encryptionConfiguration: managedKey,
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'release-*' }],
      },
      lifecyclePolicy: untaggedOnlyLifecycle,
      images: [release(now, 'tidewater/freight-tracker', 'v1.0.9', 15)],
    }),
    ours('legacy/billing', {
      lifecyclePolicy: recklessLifecycle,
      images: [
        release(now, 'legacy/billing', '2024-06', 530, { lastRecordedPullTime: daysBefore(now, 530) }),
        release(now, 'legacy/billing', '2025-01', 310),
      ],
    }),
    ours('partners/price-feed', {
      policy: foreignPushPolicy,
      lifecyclePolicy: archivingLifecycle,
      images: [release(now, 'partners/price-feed', 'v3.3.0', 9)],
    }),
    ours('tidewater/pos-gateway', {
      repository: immutable,
      lifecyclePolicy: boundedLifecycle,
      images: [release(now, 'tidewater/pos-gateway', 'v4.4.2', 48, { imageSizeInBytes: 1_830_221_447 })],
    }),
    ours('tidewater/cold-archive', {
      images: [
        archived(now, 'tidewater/cold-archive', 'v0.1.0', 700),
        archived(now, 'tidewater/cold-archive', 'v0.2.0', 600),
        release(now, 'tidewater/cold-archive', 'v0.3.0', 450),
      ],
    }),
    ours('tidewater/sandbox', {}),
  ];
}
