import { defineCheck } from '../../domain/check.ts';
import { judgeTrusted, trustedRegistryParameters } from '../../domain/image-judgement.ts';
import { judgeContainers } from './judge-pods.ts';

/** Trusted by default: private ECR of the account itself, and AWS's own sidecar images. */
export const workloadImageTrustedRegistry = defineCheck({
  id: 'workload-image-trusted-registry',
  title: 'Kubernetes workloads should take images from trusted registries',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'An image from a registry that nobody vouches for can hold anything, change or vanish overnight, and passes by the scans and policies of the own registry.',
  limits:
    'Which accounts belong to the organization is known only from the parameter trustedAccounts. ECR pull-through caches count as the own registry.',
  remediation: {
    text: 'Copy the image to a private ECR repository, or set up a pull-through cache, and name it in the pod; add registries that are trusted on purpose to the parameters of this check.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.1.4'], 'nist-800-190': ['4.1.5'] },
  parameters: trustedRegistryParameters,
  evaluate: (workload, { parameters }) =>
    judgeContainers(workload, ({ path, image = '' }) =>
      judgeTrusted({ image, path: `${path}.image` }, workload.accountId, parameters),
    ),
});
