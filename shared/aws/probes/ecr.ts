import {
  BatchGetImageCommand,
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImageScanFindingsCommand,
  DescribeImageSigningStatusCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand,
  ListImageReferrersCommand,
} from '@aws-sdk/client-ecr';
import {
  DescribeRepositoriesCommand as DescribePublicRepositoriesCommand,
  ECRPUBLICClient,
} from '@aws-sdk/client-ecr-public';
import { NOTHING, type PermissionProbe } from './probe.ts';

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;
const refusals = ['RepositoryNotFoundException'];

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html */
export const ecrProbes = {
  'ecr:BatchGetImage': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(
        new BatchGetImageCommand({ repositoryName: NOTHING, imageIds: [{ imageDigest: NO_DIGEST }] }),
      ),
    refusals,
  },
  'ecr:BatchGetRepositoryScanningConfiguration': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: [NOTHING] })),
  },
  'ecr:DescribeImageScanFindings': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(
        new DescribeImageScanFindingsCommand({ repositoryName: NOTHING, imageId: { imageDigest: NO_DIGEST } }),
      ),
    refusals,
  },
  'ecr:DescribeImageSigningStatus': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(
        new DescribeImageSigningStatusCommand({ repositoryName: NOTHING, imageId: { imageDigest: NO_DIGEST } }),
      ),
    refusals,
  },
  'ecr:DescribeImages': {
    call: ({ clientFor }) => clientFor(ECRClient).send(new DescribeImagesCommand({ repositoryName: NOTHING })),
    refusals,
  },
  'ecr:DescribeRepositories': {
    call: ({ clientFor }) => clientFor(ECRClient).send(new DescribeRepositoriesCommand({ maxResults: 1 })),
  },
  'ecr:DescribeRepositoryCreationTemplates': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(new DescribeRepositoryCreationTemplatesCommand({ maxResults: 1 })),
  },
  'ecr:GetDownloadUrlForLayer': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(new GetDownloadUrlForLayerCommand({ repositoryName: NOTHING, layerDigest: NO_DIGEST })),
    refusals,
  },
  'ecr:GetLifecyclePolicy': {
    call: ({ clientFor }) => clientFor(ECRClient).send(new GetLifecyclePolicyCommand({ repositoryName: NOTHING })),
    refusals,
  },
  'ecr:GetRegistryPolicy': {
    call: ({ clientFor }) => clientFor(ECRClient).send(new GetRegistryPolicyCommand({})),
    refusals: ['RegistryPolicyNotFoundException'],
  },
  'ecr:GetRegistryScanningConfiguration': {
    call: ({ clientFor }) => clientFor(ECRClient).send(new GetRegistryScanningConfigurationCommand({})),
  },
  'ecr:GetRepositoryPolicy': {
    call: ({ clientFor }) => clientFor(ECRClient).send(new GetRepositoryPolicyCommand({ repositoryName: NOTHING })),
    refusals,
  },
  'ecr:GetSigningConfiguration': {
    call: ({ clientFor }) => clientFor(ECRClient).send(new GetSigningConfigurationCommand({})),
    refusals: ['SigningConfigurationNotFoundException'],
  },
  'ecr:ListImageReferrers': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(
        new ListImageReferrersCommand({ repositoryName: NOTHING, subjectId: { imageDigest: NO_DIGEST } }),
      ),
    refusals,
  },
  // The public registry answers in one region.
  'ecr-public:DescribeRepositories': {
    call: ({ clientFor }) =>
      clientFor(ECRPUBLICClient, 'us-east-1').send(new DescribePublicRepositoriesCommand({ maxResults: 1 })),
  },
} as const satisfies Record<string, PermissionProbe>;
