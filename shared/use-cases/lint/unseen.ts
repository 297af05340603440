import { namesAction } from '../../domain/iam-policy.ts';
import type { Resource, ResourceBase, ResourceByType, ResourceType } from '../../domain/resource.ts';
import type { LintedResource } from './document-source.ts';
import { NOWHERE } from './identity.ts';

/** What documents depend on and never show: named as UNKNOWN, so that nobody takes silence for a pass. */
interface Unseen {
  readonly checkId: string;
  /** Of what the check judges. */
  readonly type: ResourceType;
  readonly name: string;
  readonly message: string;
  /** Whether a document depends on it. */
  readonly dependsOn: (resource: Resource) => boolean;
}

const isNetworkPolicy = (resource: Resource) => resource.type === 'KubernetesNetworkPolicy';
const OIDC_PROVIDER = 'No document shows the OIDC provider of the cluster.';

const UNSEEN: readonly Unseen[] = [
  {
    checkId: 'eks-cluster-network-policy-enforced',
    type: 'AwsEksCluster',
    name: '(the cluster)',
    message: 'No document shows what enforces network policies in the cluster.',
    dependsOn: isNetworkPolicy,
  },
  ...['identity-oidc-provider-present', 'identity-oidc-provider-audience'].map((checkId) => ({
    checkId,
    type: 'KubernetesCluster' as const,
    name: '(the cluster)',
    message: OIDC_PROVIDER,
    dependsOn: trustsServiceAccounts,
  })),
  {
    checkId: 'eks-node-imds-restricted',
    type: 'AwsEksNodegroup',
    name: '(the nodes)',
    message: 'No document shows the nodes of the cluster.',
    dependsOn: trustsServiceAccounts,
  },
  {
    checkId: 'identity-workload-own-role',
    type: 'KubernetesWorkload',
    name: '(the workloads)',
    message: 'No document has a workload that uses the role.',
    dependsOn: trustsServiceAccounts,
  },
];

/** Ids of the checks that may be named without being evaluated. */
export const UNSEEN_CHECK_IDS: ReadonlySet<string> = new Set(UNSEEN.map(({ checkId }) => checkId));

/** One resource for each thing that is not seen, at the first document that depends on it. */
export function unseenResources(linted: readonly LintedResource[]): readonly LintedResource[] {
  return UNSEEN.flatMap(({ checkId, type, name, message, dependsOn }) => {
    const first = linted.find(({ resource }) => dependsOn(resource));
    if (first === undefined || linted.some(({ resource }) => resource.type === type)) return [];
    const base: ResourceBase<string> = { ...NOWHERE, type, uid: `manifest/${name}`, name, inUse: 'unknown' };
    // No check ever looks at it: it has an identity and nothing else.
    const resource = base as unknown as ResourceByType[typeof type];
    return [{ resource, source: first.source, unseen: { checkId, message } }];
  });
}

/** IAM roles for service accounts: whoever has a token of the cluster's issuer may become the role. */
function trustsServiceAccounts(resource: Resource): boolean {
  return (
    resource.type === 'AwsIamRole' &&
    resource.trustPolicy.known &&
    resource.trustPolicy.value.statements.some((statement) => namesAction(statement, 'sts:AssumeRoleWithWebIdentity'))
  );
}
