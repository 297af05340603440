import type { FactBase } from '../../domain/fact.ts';
import type { NetworkPolicy } from '../../domain/network-policy.ts';
import type { Observed } from '../../domain/observed.ts';
import type { PodMetadata, PodSpec } from '../../domain/pod-spec.ts';
import type { ResourceBase } from '../../domain/resource.ts';

/** Pods of one workload that are alike in everything checks look at; or a template of which no pod runs. */
export interface PodVariant {
  readonly metadata: PodMetadata;
  readonly spec: PodSpec;
  /** Where they run, as far as the nodes tell: sorted, without duplicates. Empty for a template. */
  readonly runsOn: Observed<readonly NodeKind[]>;
}

/** `fargate`, `auto` (EKS Auto Mode), `hybrid`, `windows` and `ec2` (Linux) of EC2; `unscheduled` has no node yet. */
export type NodeKind = 'fargate' | 'auto' | 'hybrid' | 'ec2' | 'windows' | 'unscheduled';

/** Pod Security admission's labels of a namespace. A label is absent where it is not set; values are as written. */
export interface PodSecurityLabels {
  readonly enforce?: string;
  readonly enforceVersion?: string;
  readonly warn?: string;
  readonly audit?: string;
}

/** A service account as workloads use it. */
export interface KubernetesServiceAccountSummary {
  readonly name: string;
  readonly automountServiceAccountToken?: boolean;
  /** The annotation `eks.amazonaws.com/role-arn`. */
  readonly roleArn?: string;
  /** The role a Pod Identity association gives it. */
  readonly podIdentityRoleArn: Observed<string | null>;
  /**
   * True when RBAC binds it to anything beyond what every authenticated account may do; with the bindings that say so,
   * sorted, as `ClusterRoleBinding name` or `RoleBinding namespace/name`.
   */
  readonly rbac: Observed<{ readonly bindings: readonly string[] }>;
}

/**
 * A workload: the top controller of pods (Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet of its own, or a
 * kind of somebody else's), or a bare or static pod. The uid is `<cluster ARN>/<namespace>/<kind>/<name>`, and survives
 * every rollout.
 */
export interface KubernetesWorkload extends ResourceBase<'KubernetesWorkload'> {
  readonly namespace: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** `pods`: what runs was judged (admission may have changed it). `template`: nothing of it runs. */
  readonly source: 'pods' | 'template';
  /** At least one. */
  readonly variants: readonly PodVariant[];
  /** True for a pod that the kubelet runs from a file; the API server only mirrors it. */
  readonly isStatic: boolean;
  /**
   * The version of the Pod Security Standards it is judged by, `1.33`: the namespace's `enforce-version`, else the
   * cluster's.
   */
  readonly policyVersion: Observed<string>;
  /** Null where the account it names does not exist. */
  readonly serviceAccount: Observed<KubernetesServiceAccountSummary | null>;
  /** Whether pods reach the node's metadata service when nothing else stops them: true, false by the nodes' settings. */
  readonly imdsReachable: Observed<boolean>;
  /** A namespace given by the document or the cluster; false where a linted document names none. */
  readonly namespaceStated: boolean;
}

/** One workload as the network sees it. */
export interface NetworkWorkload {
  readonly kind: string;
  readonly name: string;
  /** The distinct label sets of its pods, with the named ports these have. */
  readonly pods: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
    readonly hostNetwork: boolean;
    readonly runsOn: Observed<readonly NodeKind[]>;
  }[];
  readonly imdsReachable: Observed<boolean>;
}

/** Something besides NetworkPolicy objects that may decide about traffic. */
export interface OtherNetworkPolicies {
  /** `ClusterNetworkPolicy.networking.k8s.aws`, `AdminNetworkPolicy.policy.networking.k8s.io`, `CiliumNetworkPolicy.cilium.io` … */
  readonly kind: string;
  readonly count: number;
  /** What those of its rules that may concern this namespace can do; of Calico and Cilium always both. Sorted. */
  readonly ingress: readonly PolicyEffect[];
  readonly egress: readonly PolicyEffect[];
}

export type PolicyEffect = 'allow' | 'deny';

/** Whether anything makes NetworkPolicy objects take effect, and what. */
export interface NetworkPolicyEnforcement {
  /** Empty: the cluster was looked through and nothing does. */
  readonly engines: readonly { readonly name: string; readonly seenAs: string }[];
}

export interface KubernetesNamespace extends ResourceBase<'KubernetesNamespace'> {
  readonly labels: Observed<Readonly<Record<string, string>>>;
  readonly podSecurity: Observed<PodSecurityLabels>;
  readonly terminating: boolean;
  /** Its workloads, without those that have neither pods nor a template to run. */
  readonly workloads: Observed<readonly NetworkWorkload[]>;
  /** True when every pod in it passes the baseline standard already; unknown without pods to look at. */
  readonly allPodsPassBaseline: Observed<boolean>;
  readonly networkPolicies: Observed<readonly NetworkPolicy[]>;
  /** Policies of other kinds that select, or may select, this namespace's pods. */
  readonly otherPolicies: Observed<readonly OtherNetworkPolicies[]>;
  readonly enforcement: Observed<NetworkPolicyEnforcement>;
  /** Labels of all namespaces of the cluster, by name: peers select by them. */
  readonly clusterNamespaces: Observed<Readonly<Record<string, Readonly<Record<string, string>>>>>;
  /** Names of its ResourceQuota and LimitRange objects. */
  readonly resourceQuotas: Observed<readonly string[]>;
  readonly limitRanges: Observed<readonly string[]>;
  /** Policy engines seen in the cluster whose policies could not be read: a missing label proves nothing then. */
  readonly unreadPolicyEngines: Observed<readonly string[]>;
}

/** A NetworkPolicy as an object of its own: what it selects. */
export interface KubernetesNetworkPolicy extends ResourceBase<'KubernetesNetworkPolicy'> {
  readonly namespace: string;
  readonly policy: NetworkPolicy;
  /** Names of the workloads it selects, `Deployment/api`, sorted; templates without pods included. */
  readonly selects: Observed<readonly string[]>;
}

export interface KubernetesService extends ResourceBase<'KubernetesService'> {
  readonly namespace: string;
  /** `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`. */
  readonly serviceType: string;
  readonly loadBalancerClass?: string;
  readonly loadBalancerSourceRanges: readonly string[];
  readonly nodePorts: readonly number[];
  /** Only the annotations of load balancers that say scheme, ranges, and TLS: `service.beta.kubernetes.io/aws-load-balancer-*`. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name?: string; readonly port?: number; readonly protocol: string }[];
}

export interface KubernetesIngress extends ResourceBase<'KubernetesIngress'> {
  readonly namespace: string;
  readonly ingressClassName?: string;
  /** Hosts of its `tls` entries; an entry without hosts is `*`. */
  readonly tlsHosts: readonly string[];
  readonly hosts: readonly string[];
  /**
   * Only those that say class, scheme, listeners and TLS: `kubernetes.io/ingress.class`, and of
   * `alb.ingress.kubernetes.io/`: `scheme`, `listen-ports`, `certificate-arn`, `ssl-redirect`, `group.name`.
   */
  readonly annotations: Readonly<Record<string, string>>;
  /** What its class decides; null where it has no class. */
  readonly classDefaults: Observed<IngressClassDefaults | null>;
}

/** An IngressClass with the parameters of the AWS controllers. */
export interface IngressClassDefaults {
  /** `ingress.k8s.aws/alb`, `eks.amazonaws.com/alb`, `k8s.io/ingress-nginx`. */
  readonly controller?: string;
  /** `internal` or `internet-facing`, where IngressClassParams says so: it wins over annotations. */
  readonly scheme?: string;
  readonly hasCertificate?: boolean;
}

/** One rule of a role. */
export interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface RbacSubject {
  /** `User`, `Group`, `ServiceAccount`. */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A RoleBinding or ClusterRoleBinding with the rules it gives (T82: bindings are judged, not roles). */
export interface KubernetesRoleBinding extends ResourceBase<'KubernetesRoleBinding'> {
  /** `RoleBinding` (reaches its namespace) or `ClusterRoleBinding`. */
  readonly kind: string;
  readonly roleKind: string;
  readonly roleName: string;
  readonly subjects: readonly RbacSubject[];
  /** The resulting rules, aggregation included; null where the role does not exist. */
  readonly rules: Observed<readonly RbacRule[] | null>;
  /** Bootstrapped by Kubernetes itself: the binding, and the role, carry `kubernetes.io/bootstrapping: rbac-defaults`. */
  readonly isBootstrap: boolean;
}

/** A service account as an object of its own. */
export interface KubernetesServiceAccount extends ResourceBase<'KubernetesServiceAccount'> {
  readonly namespace: string;
  readonly summary: KubernetesServiceAccountSummary;
  /** Workloads that use it, `Deployment/api`, sorted. */
  readonly usedByWorkloads: Observed<readonly string[]>;
}

/** An admission control in the cluster. */
export interface AdmissionPolicy {
  /** `ValidatingAdmissionPolicy`, `ValidatingWebhook`, `MutatingWebhook`, `Kyverno`, `Gatekeeper`, `ImagePolicyWebhook`. */
  readonly kind: string;
  readonly name: string;
  /** True when it denies (not warns, audits or is unbound); unknown kinds of engines say undecidable. */
  readonly enforces: Observed<boolean>;
  /** True when its rules speak of images' registries, signatures or vulnerabilities. */
  readonly verifiesImages: Observed<boolean>;
  readonly source: string;
}

/** The inside of a cluster as a whole; the uid is the cluster's ARN. */
export interface KubernetesCluster extends ResourceBase<'KubernetesCluster'> {
  readonly version?: string;
  readonly admissionPolicies: Observed<readonly AdmissionPolicy[]>;
  /** Service accounts that name a role in their annotation, `shop/api`, sorted. */
  readonly accountsWithRole: Observed<readonly string[]>;
  /** IAM's OIDC provider for the cluster's issuer; null when there is none. */
  readonly oidcProvider: Observed<{ readonly arn: string; readonly clientIds: Observed<readonly string[]> } | null>;
}

/** What the inside of a cluster tells about the cluster (key: the cluster's ARN). */
export interface KubernetesClusterFact extends FactBase<'kubernetes-cluster'> {
  readonly name: string;
  /** Mappings of `kube-system/aws-auth`, read only where the authentication mode needs it; empty when it does not exist. */
  readonly awsAuth: Observed<
    readonly { readonly principalArn: string; readonly groups: readonly string[]; readonly username?: string }[]
  >;
  /** Groups and users that RBAC binds to `cluster-admin` in the whole cluster. */
  readonly clusterAdminGroups: Observed<readonly string[]>;
  /** The users among them; absent in facts that are older than this. */
  readonly clusterAdminUsers?: Observed<readonly string[]>;
  readonly networkPolicyEngines: Observed<readonly { readonly name: string; readonly seenAs: string }[]>;
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    KubernetesCluster: KubernetesCluster;
    KubernetesWorkload: KubernetesWorkload;
    KubernetesNamespace: KubernetesNamespace;
    KubernetesNetworkPolicy: KubernetesNetworkPolicy;
    KubernetesService: KubernetesService;
    KubernetesIngress: KubernetesIngress;
    KubernetesRoleBinding: KubernetesRoleBinding;
    KubernetesServiceAccount: KubernetesServiceAccount;
  }
}

declare module '../../domain/fact.ts' {
  interface FactByKind {
    'kubernetes-cluster': KubernetesClusterFact;
  }
}
