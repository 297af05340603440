import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import {
  DescribeRepositoriesCommand as DescribePublicRepositoriesCommand,
  ECRPUBLICClient,
} from '@aws-sdk/client-ecr-public';
import { NOTHING, type PermissionProbe } from './probe.ts';

const refusals = ['RepositoryNotFoundException'];

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html */
export const ecrProbes = {
  'ecr:BatchGetRepositoryScanningConfiguration': {
    call: ({ clientFor }) =>
      clientFor(ECRClient).send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: [NOTHING] })),
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
  // The public registry answers in one region.
  'ecr-public:DescribeRepositories': {
    call: ({ clientFor }) =>
      clientFor(ECRPUBLICClient, 'us-east-1').send(new DescribePublicRepositoriesCommand({ maxResults: 1 })),
  },
} as const satisfies Record<string, PermissionProbe>;
