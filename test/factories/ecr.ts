import type {
  EcrCreationTemplate,
  EcrImageSummary,
  EcrRegistry,
  EcrRepository,
  EcrRunningImage,
  EcrTagMatches,
  NameSample,
  RepositoryImagesFact,
} from '#shared/collectors/ecr/model.ts';
import type { RunningImageFact } from '#shared/collectors/ecs/model.ts';
import type { EksClusterFact } from '#shared/collectors/eks/model.ts';
import { type LifecyclePolicy, readLifecyclePolicy } from '#shared/domain/ecr-lifecycle.ts';
import { type PolicyDocument, readPolicy } from '#shared/domain/iam-policy.ts';
import { ecrRepositoryKey } from '#shared/domain/image-reference.ts';
import { known, type Observed } from '#shared/domain/observed.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

export const REPOSITORY = 'my-application';
export const REPOSITORY_ARN = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${REPOSITORY}`;
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
export const SERVICE_ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/web`;

/** A digest that is easy to tell apart: `digest(1)` is `sha256:000…1`. */
export function digest(number: number): string {
  return `sha256:${number.toString(16).padStart(64, '0')}`;
}

export function sample(...names: string[]): NameSample {
  return { count: names.length, first: names };
}

export function tagMatches(tags: readonly string[] = [], releaseTags: readonly string[] = []): EcrTagMatches {
  return { tags: sample(...tags), releaseTags: sample(...releaseTags) };
}

/** One selection of a rule as AWS writes it. */
export function ruleText(selection: Record<string, unknown>, action: unknown = { type: 'expire' }, rulePriority = 1) {
  return { rulePriority, selection, action };
}

/** The text of a lifecycle policy with the given rules. */
export function lifecycleText(...rules: unknown[]): string {
  return JSON.stringify({ rules });
}

/** The rules of a policy, as the collector keeps them. */
export function lifecycle(...rules: unknown[]): Observed<LifecyclePolicy> {
  return readLifecyclePolicy(lifecycleText(...rules));
}

export const EXPIRE_UNTAGGED = ruleText({
  tagStatus: 'untagged',
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber: 14,
});
export const KEEP_LAST = (countNumber: number, rulePriority = 9) =>
  ruleText({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber }, { type: 'expire' }, rulePriority);

/** A policy document with the given statements. */
export function policyText(...statements: unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export function policy(...statements: unknown[]): Observed<PolicyDocument> {
  return readPolicy(policyText(...statements));
}

export function runningImage(overrides: Partial<EcrRunningImage> = {}): EcrRunningImage {
  return {
    digest: digest(1),
    present: true,
    tags: ['v1.2.3'],
    isIndex: false,
    pushedAt: '2026-11-20T00:00:00.000Z',
    status: 'ACTIVE',
    lifecycle: { rulePriority: 9, action: 'expire', beyondCount: false },
    ...overrides,
  };
}

export function imageSummary(overrides: Partial<EcrImageSummary> = {}): EcrImageSummary {
  return {
    images: 3,
    taggedImages: 2,
    archivedImages: 0,
    indexes: 0,
    otherArtifacts: 0,
    byExclusion: [],
    notExcluded: tagMatches(['v1.2.2', 'v1.2.3'], ['v1.2.2', 'v1.2.3']),
    unbounded: sample(),
    running: [runningImage()],
    newest: [{ digest: digest(1), tags: ['v1.2.3'], isIndex: false, pushedAt: '2026-11-20T00:00:00.000Z' }],
    ...overrides,
  };
}

/** A repository that follows every practice and runs behind one service. */
export function repository(overrides: Partial<EcrRepository> = {}): EcrRepository {
  return {
    ...resourceBase('AwsEcrRepository', REPOSITORY_ARN, REPOSITORY),
    usedBy: [SERVICE_ARN],
    usedByCount: 1,
    tags: known({ team: 'web' }),
    tagMutability: 'IMMUTABLE',
    tagMutabilityExclusions: [],
    encryptionType: 'KMS',
    kmsKey: KEY_ARN,
    keyManager: known('CUSTOMER'),
    scanning: known({ frequency: 'SCAN_ON_PUSH', appliedFilters: ['*'] }),
    scanningDecidedBy: known('registry'),
    lifecyclePolicy: lifecycle(EXPIRE_UNTAGGED, KEEP_LAST(30)),
    policy: known(null),
    registryPolicy: known(null),
    images: known(imageSummary()),
    deployedTags: ['v1.2.3'],
    runsUnknownDigest: false,
    usesListed: known(true),
    ...overrides,
  };
}

export function creationTemplate(overrides: Partial<EcrCreationTemplate> = {}): EcrCreationTemplate {
  return {
    prefix: 'ROOT',
    tagMutability: 'IMMUTABLE',
    tagMutabilityExclusions: [],
    appliedFor: ['CREATE_ON_PUSH'],
    lifecyclePolicy: lifecycle(KEEP_LAST(30)),
    ...overrides,
  };
}

/** A registry that follows every practice. */
export function registry(overrides: Partial<EcrRegistry> = {}): EcrRegistry {
  const { arn: _, ...base } = resourceBase(
    'EcrRegistry',
    `arn:aws:ecr:${REGION}:${ACCOUNT}:registry`,
    `${ACCOUNT}/${REGION}`,
  );
  return {
    ...base,
    policy: known(null),
    scanning: known({
      scanType: 'BASIC',
      rules: [{ frequency: 'SCAN_ON_PUSH', filters: [{ type: 'WILDCARD', filter: '*' }] }],
    }),
    signing: known([{ signingProfileArn: `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/main`, filters: [] }]),
    creationTemplates: known([creationTemplate()]),
    repositoryCount: known(1),
    unscannedRepositories: known(sample()),
    ...overrides,
  };
}

/** The statement of a service that it runs an image of the repository. */
export function runningImageFact(overrides: Partial<RunningImageFact> = {}): RunningImageFact {
  return {
    kind: 'running-image',
    key: ecrRepositoryKey({ accountId: ACCOUNT, region: REGION, repository: REPOSITORY }),
    accountId: ACCOUNT,
    region: REGION,
    observedAt: '2026-11-23T00:00:00.000Z',
    image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${REPOSITORY}:v1.2.3`,
    digest: digest(1),
    usedBy: SERVICE_ARN,
    ...overrides,
  };
}

export function eksClusterFact(): EksClusterFact {
  return {
    kind: 'eks-cluster',
    key: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`,
    accountId: ACCOUNT,
    region: REGION,
    observedAt: '2026-11-23T00:00:00.000Z',
    name: 'prod',
    runsOnEc2: known(true),
    runsOnFargate: known(false),
    autoMode: false,
  };
}

type StatedImages = Extract<RepositoryImagesFact['images'], { known: true }>['value'];
type Running = StatedImages['running'][number];

/** An image that runs, as the listing of its repository states it. */
export function running(number: number, overrides: Partial<Running> = {}): Running {
  return {
    digest: digest(number),
    present: true,
    tags: [`v${number}`],
    isIndex: false,
    status: 'ACTIVE',
    ...overrides,
  };
}

/** What the listing of the repository has stated. */
export function repositoryImages(
  images: Partial<StatedImages> = {},
  overrides: Partial<RepositoryImagesFact> = {},
): RepositoryImagesFact {
  return {
    kind: 'repository-images',
    key: `${ACCOUNT}/${REGION}/${REPOSITORY}`,
    accountId: ACCOUNT,
    region: REGION,
    observedAt: '2026-11-23T00:00:00.000Z',
    repositoryArn: REPOSITORY_ARN,
    repositoryName: REPOSITORY,
    tags: known({ team: 'shop' }),
    images: known({ running: [running(1)], newest: [], ...images }),
    use: { inUse: 'yes', usedBy: [SERVICE_ARN], usedByCount: 1 },
    usesListed: known(true),
    runsUnknownDigest: false,
    signsOnPush: known(false),
    ...overrides,
  };
}
