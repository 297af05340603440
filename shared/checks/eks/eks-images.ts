import type { Ami } from './judge-nodes.ts';

/** What the name of an EKS image of AWS says. */
export interface EksImageName {
  readonly family: 'AL2' | 'AL2023' | 'BOTTLEROCKET' | 'WINDOWS';
  /** The Kubernetes version, for example `1.34`. */
  readonly version: string;
}

/** How AWS names its images, most special first: those of AL2 carry no name of the system. */
const NAMES: readonly { readonly family: EksImageName['family']; readonly pattern: RegExp }[] = [
  { family: 'AL2023', pattern: /^amazon-eks-node-al2023-[\w-]+?-(\d+\.\d+)-v\d{8}/ },
  { family: 'AL2', pattern: /^amazon-eks-(?:arm64-|gpu-)?node-(\d+\.\d+)-v\d{8}/ },
  { family: 'BOTTLEROCKET', pattern: /^bottlerocket-aws-k8s-(\d+\.\d+)-/ },
  { family: 'WINDOWS', pattern: /^Windows_Server-[\w-]+-EKS_Optimized-(\d+\.\d+)-/ },
];

/**
 * Reads the name of an image that AWS owns; anybody may give an image of their own such a name.
 *
 * @returns undefined for images of others, and for names that are not of EKS
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-optimized-amis.html
 */
export function eksImageName({ name, ownerAlias }: Ami): EksImageName | undefined {
  if (name === undefined || ownerAlias !== 'amazon') return undefined;
  for (const { family, pattern } of NAMES) {
    const version = pattern.exec(name)?.[1];
    if (version !== undefined) return { family, version };
  }
  return undefined;
}
