import type { Classify } from '../../collectors/kubernetes/raw-fields.ts';
import { type ObjectMetadata, readMetadata } from '../../collectors/kubernetes/read-metadata.ts';
import { type NamespaceObject, readNamespace } from '../../collectors/kubernetes/read-namespace.ts';
import { readNetworkPolicy } from '../../collectors/kubernetes/read-network-policy.ts';
import {
  type RoleBindingObject,
  type RoleObject,
  readRole,
  readRoleBinding,
} from '../../collectors/kubernetes/read-rbac.ts';
import {
  type IngressObject,
  readIngress,
  readService,
  type ServiceObject,
} from '../../collectors/kubernetes/read-service.ts';
import { readServiceAccount, type ServiceAccountObject } from '../../collectors/kubernetes/read-service-account.ts';
import { readWorkload, type WorkloadObject } from '../../collectors/kubernetes/read-workload.ts';
import type { NetworkPolicy } from '../../domain/network-policy.ts';
import { type KubernetesObject, roleOf } from './detect.ts';
import type { DocumentSource } from './document-source.ts';

/** An object with the place it stands in. */
export type Placed<T> = T & {
  readonly source: DocumentSource;
  readonly namespace: string;
  readonly namespaceStated: boolean;
};

/** The objects of all documents, by what they are taken for. */
export class ReadObjects {
  readonly workloads: Placed<WorkloadObject>[] = [];
  readonly namespaces: Placed<NamespaceObject>[] = [];
  readonly policies: Placed<{ readonly policy: NetworkPolicy; readonly metadata: ObjectMetadata }>[] = [];
  readonly accounts: Placed<ServiceAccountObject>[] = [];
  readonly services: Placed<ServiceObject>[] = [];
  readonly ingresses: Placed<IngressObject>[] = [];
  readonly roles: Placed<RoleObject & { readonly kind: string }>[] = [];
  readonly bindings: Placed<RoleBindingObject & { readonly kind: string }>[] = [];
  readonly quotas: Placed<{ readonly metadata: ObjectMetadata }>[] = [];
  readonly limitRanges: Placed<{ readonly metadata: ObjectMetadata }>[] = [];
  /** Of kinds besides NetworkPolicy that decide about traffic. */
  readonly otherPolicies: Placed<{ readonly kind: string }>[] = [];
  readonly #classify: Classify;
  readonly #namespace: string | undefined;

  /** @param namespace the namespace of objects that name none; stated by whoever runs the command */
  constructor(classify: Classify, namespace: string | undefined) {
    this.#classify = classify;
    this.#namespace = namespace;
  }

  /**
   * @returns whether a check judges the object, itself or as a part of another
   * @throws WrongTypeError where the API server would not decode it
   */
  async add({ apiVersion, kind, raw, source }: KubernetesObject): Promise<boolean> {
    const classify = this.#classify;
    const role = roleOf({ apiVersion, kind });
    const placed = <T extends object>(object: T, metadata: ObjectMetadata): Placed<T> => ({
      ...object,
      source,
      namespace: metadata.namespace ?? this.#namespace ?? 'default',
      namespaceStated: (metadata.namespace ?? this.#namespace) !== undefined,
    });
    switch (role) {
      case 'workload': {
        const workload = await readWorkload(raw, classify);
        this.workloads.push(placed(workload, workload.metadata));
        return true;
      }
      case 'NetworkPolicy': {
        const metadata = readMetadata(raw);
        const unstated = this.#namespace ?? 'default';
        const policy = await readNetworkPolicy(raw, classify, unstated);
        this.policies.push(placed({ policy, metadata }, metadata));
        return true;
      }
      case 'Namespace': {
        const namespace = await readNamespace(raw, classify);
        this.namespaces.push({
          ...namespace,
          source,
          namespace: namespace.metadata.name,
          namespaceStated: true,
        });
        return true;
      }
      case 'ServiceAccount': {
        const account = readServiceAccount(raw);
        this.accounts.push(placed(account, account.metadata));
        return true;
      }
      case 'Service': {
        const service = readService(raw);
        this.services.push(placed(service, service.metadata));
        return true;
      }
      case 'Ingress': {
        const ingress = readIngress(raw);
        this.ingresses.push(placed(ingress, ingress.metadata));
        return true;
      }
      case 'Role':
      case 'ClusterRole': {
        const read = readRole(raw);
        this.roles.push(placed({ ...read, kind }, read.metadata));
        return true;
      }
      case 'RoleBinding':
      case 'ClusterRoleBinding': {
        const binding = readRoleBinding(raw);
        this.bindings.push(placed({ ...binding, kind }, binding.metadata));
        return true;
      }
      case 'ResourceQuota':
      case 'LimitRange': {
        const metadata = readMetadata(raw);
        (role === 'LimitRange' ? this.limitRanges : this.quotas).push(placed({ metadata }, metadata));
        return true;
      }
      case 'other-policy': {
        const metadata = readMetadata(raw);
        this.otherPolicies.push(placed({ kind: `${kind}.${apiVersion.split('/')[0]}` }, metadata));
        return false;
      }
      default:
        return false;
    }
  }
}
