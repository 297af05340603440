import type { Framework } from '../domain/framework.ts';
import { NO_AUDIT_LOG } from './parts/audit-log.ts';

const NODE_FILES = 'no API shows the files of a node; not applicable to Fargate and EKS Auto Mode';
const NODE_BY_HAND = 'Read the file or the kubelet configuration on one node of each node group (Session Manager).';
const MANUAL = 'manual: needs a judgement that no check can make';

/**
 * The 50 recommendations of the CIS Amazon EKS Benchmark, by id. The benchmark is licensed: the titles here are
 * Hullcheck's own words, and levels are not given. Section 1 has no recommendations for the customer of EKS. The ids
 * are those of the configuration of kube-bench for this version.
 *
 * @see https://www.cisecurity.org/benchmark/kubernetes
 * @see https://github.com/aquasecurity/kube-bench/tree/main/cfg/eks-1.8.0
 */
export const cisEks180: Framework = {
  id: 'cis-eks-1.8.0',
  name: 'CIS Amazon EKS Benchmark',
  version: 'v1.8.0',
  sourceUrl: 'https://www.cisecurity.org/benchmark/kubernetes',
  subset:
    'All 50 recommendations of this version, without levels. Version 2.0.0 is left out: no list of its recommendations could be read.',
  requirements: [
    { id: '2.1.1', title: 'The control plane delivers its logs' },
    {
      id: '2.1.2',
      title: 'Audit logs are gathered and kept',
      // What is not gathered cannot be kept: the check on keeping it does not apply there.
      checks: ['eks-cluster-logging-enabled'],
      parts: [{ check: 'eks-cluster-logging-enabled', evidence: NO_AUDIT_LOG, exhaustive: true }],
    },
    {
      id: '3.1.1',
      title: 'The kubeconfig file of nodes is writable by its owner only',
      note: NODE_FILES,
      byHand: NODE_BY_HAND,
    },
    {
      id: '3.1.2',
      title: 'The kubeconfig file of the kubelet belongs to root',
      note: NODE_FILES,
      byHand: NODE_BY_HAND,
    },
    {
      id: '3.1.3',
      title: 'The configuration file of the kubelet is writable by its owner only',
      note: NODE_FILES,
      byHand: NODE_BY_HAND,
    },
    {
      id: '3.1.4',
      title: 'The configuration file of the kubelet belongs to root',
      note: NODE_FILES,
      byHand: NODE_BY_HAND,
    },
    { id: '3.2.1', title: 'The kubelet refuses anonymous requests', note: NODE_FILES, byHand: NODE_BY_HAND },
    {
      id: '3.2.2',
      title: 'The kubelet authorizes requests instead of allowing all',
      note: NODE_FILES,
      byHand: NODE_BY_HAND,
    },
    {
      id: '3.2.3',
      title: 'The kubelet knows the authority that signs client certificates',
      note: NODE_FILES,
      byHand: NODE_BY_HAND,
    },
    { id: '3.2.4', title: 'The read-only port of the kubelet is closed', note: NODE_FILES, byHand: NODE_BY_HAND },
    {
      id: '3.2.5',
      title: 'Idle streaming connections to the kubelet time out',
      note: NODE_FILES,
      byHand: NODE_BY_HAND,
    },
    { id: '3.2.6', title: 'The kubelet manages the iptables helper chains', note: NODE_FILES, byHand: NODE_BY_HAND },
    { id: '3.2.7', title: 'The kubelet records events at a sufficient rate', note: NODE_FILES, byHand: NODE_BY_HAND },
    { id: '3.2.8', title: 'The kubelet rotates its client certificate', note: NODE_FILES, byHand: NODE_BY_HAND },
    { id: '3.2.9', title: 'The kubelet rotates its serving certificate', note: NODE_FILES, byHand: NODE_BY_HAND },
    { id: '4.1.1', title: 'Cluster administrators are few and needed' },
    { id: '4.1.2', title: 'Few may read secrets' },
    { id: '4.1.3', title: 'Roles avoid wildcards' },
    { id: '4.1.4', title: 'Few may create pods' },
    { id: '4.1.5', title: 'Nothing works under the default service accounts' },
    { id: '4.1.6', title: 'Service account tokens are mounted only where they are needed' },
    { id: '4.1.7', title: 'Access to the cluster is managed by access entries' },
    {
      id: '4.1.8',
      title: 'Few may bind, impersonate or escalate',
      parts: [
        {
          check: 'identity-rbac-no-escalation',
          evidence: '"[a-z, ]*\\b(?:bind|impersonate|escalate)\\b[^"]*"$',
          exhaustive: true,
        },
      ],
    },
    {
      id: '4.1.9',
      title: 'Few may create persistent volumes',
      parts: [{ check: 'identity-rbac-no-escalation', evidence: 'persistentvolumes"$', exhaustive: true }],
    },
    {
      id: '4.1.10',
      title: 'Few may use the proxy of nodes',
      parts: [{ check: 'identity-rbac-no-escalation', evidence: 'nodes/proxy"$', exhaustive: true }],
    },
    {
      id: '4.1.11',
      title: 'Few may change admission webhooks',
      parts: [{ check: 'identity-rbac-no-escalation', evidence: 'webhookconfigurations"$', exhaustive: true }],
    },
    {
      id: '4.1.12',
      title: 'Few may create service account tokens',
      parts: [{ check: 'identity-rbac-no-escalation', evidence: 'serviceaccounts/token"$', exhaustive: true }],
    },
    { id: '4.2.1', title: 'Privileged containers are kept out' },
    {
      id: '4.2.2',
      title: 'Containers that share the process ids of the host are kept out',
      parts: [{ check: 'workload-no-host-namespaces', evidence: '^\\S*hostPID ', exhaustive: true }],
    },
    {
      id: '4.2.3',
      title: 'Containers that share the IPC of the host are kept out',
      parts: [{ check: 'workload-no-host-namespaces', evidence: '^\\S*hostIPC ', exhaustive: true }],
    },
    {
      id: '4.2.4',
      title: 'Containers that share the network of the host are kept out',
      parts: [{ check: 'workload-no-host-namespaces', evidence: '^\\S*hostNetwork ', exhaustive: true }],
    },
    { id: '4.2.5', title: 'Containers that may gain privileges are kept out' },
    { id: '4.3.1', title: 'The network plugin can enforce network policies' },
    { id: '4.3.2', title: 'Every namespace has network policies' },
    { id: '4.4.1', title: 'Secrets reach containers as files rather than as environment variables' },
    {
      id: '4.4.2',
      title: 'Secrets are kept in a store outside the cluster',
      note: MANUAL,
      byHand: 'Ask where secrets come from and read one application from its store to its container.',
    },
    {
      id: '4.5.1',
      title: 'Namespaces separate what different teams administer',
      note: MANUAL,
      byHand: 'List the namespaces with their owners and confirm that no two teams share one.',
    },
    { id: '4.5.2', title: 'Nothing is put into the default namespace' },
    { id: '5.1.1', title: 'Images are scanned for vulnerabilities' },
    { id: '5.1.2', title: 'Few people have access to ECR' },
    { id: '5.1.3', title: 'The cluster can only read from ECR' },
    { id: '5.1.4', title: 'Images come from approved registries' },
    { id: '5.2.1', title: 'Workloads have an AWS identity of their own' },
    { id: '5.3.1', title: 'Kubernetes secrets are encrypted with a key of the customer' },
    { id: '5.4.1', title: 'Access to the endpoint of the control plane is restricted' },
    { id: '5.4.2', title: 'The endpoint is private, and public access is off' },
    { id: '5.4.3', title: 'Nodes are private' },
    { id: '5.4.4', title: 'Network policies are switched on and enforced' },
    { id: '5.4.5', title: 'Traffic to load balancers is encrypted with TLS' },
    {
      id: '5.5.1',
      title: 'People reach the cluster through IAM',
      note: 'always so on EKS, unless a cluster has an identity provider of its own beside it',
      byHand: 'List the identity providers of each cluster (eks:ListIdentityProviderConfigs).',
    },
  ],
};
