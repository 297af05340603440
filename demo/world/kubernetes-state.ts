/** What is inside a Kubernetes cluster. Plain, mutable data, as the API server stores it. */
export interface KubernetesState {
  objects: KubernetesObject[];
  /** API groups of custom resources that are served although no object of them exists. */
  customGroups: string[];
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller: boolean }[];
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** A cluster with nothing in it. */
export function emptyKubernetes(): KubernetesState {
  return { objects: [], customGroups: [] };
}
