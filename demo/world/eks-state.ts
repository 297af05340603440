import type {
  AccessEntry,
  Addon,
  AssociatedAccessPolicy,
  Cluster,
  ClusterVersionInformation,
  FargateProfile,
  Insight,
  Nodegroup,
  OidcIdentityProviderConfig,
  PodIdentityAssociation,
  Update,
} from '@aws-sdk/client-eks';
import type { KubernetesState } from './kubernetes-state.ts';

/** EKS in one account and Region. */
export interface EksState {
  clusters: EksClusterState[];
  versions: ClusterVersionInformation[];
}

export interface EksClusterState {
  cluster: Cluster & { name: string; arn: string };
  nodegroups: (Nodegroup & { nodegroupName: string })[];
  fargateProfiles: (FargateProfile & { fargateProfileName: string })[];
  addons: (Addon & { addonName: string })[];
  accessEntries: { entry: AccessEntry & { principalArn: string }; policies: AssociatedAccessPolicy[] }[];
  podIdentityAssociations: (PodIdentityAssociation & { associationId: string })[];
  identityProviders: (OidcIdentityProviderConfig & { identityProviderConfigName: string })[];
  insights: Insight[];
  /** Changes that were asked for by the API, oldest first. */
  updates?: Update[];
  /** The inside; a cluster without it has no API server. */
  kubernetes?: KubernetesState;
}

/** EKS with no clusters. */
export function emptyEks(): EksState {
  return { clusters: [], versions: [] };
}
