import type { Resource } from './resource.ts';
import { isAddOnImage } from './vendor-registries.ts';

/** The date on which the list below was last read from its sources. */
export const VENDOR_WORKLOADS_VERSION = '2026-11-23';

/** A workload that a vendor writes and its user can neither change nor do without. */
interface VendorWorkload {
  readonly namespace: string;
  readonly kind: 'DaemonSet' | 'Deployment';
  readonly names: readonly string[];
  /** What it does that needs what the checks forbid. */
  readonly because: string;
  /** The checks that it passes although it breaks the rule. No other is: a limit or a pinned image can be asked for. */
  readonly checks: readonly string[];
  readonly source: string;
}

/** What add-ons of AWS set in their pods and offer no configuration for. */
const ADD_ON = [
  'workload-capabilities-dropped',
  'workload-image-trusted-registry',
  'workload-no-privilege-escalation',
  'workload-probes-present',
  'workload-pss-restricted',
  'workload-root-filesystem-readonly',
  'workload-run-as-group-nonroot',
  'workload-run-as-nonroot',
  'workload-scratch-volumes-limited',
  'workload-seccomp-confined',
  'workload-token-not-mounted',
];

/** What an agent that looks after its node needs besides. */
const NODE_AGENT = [
  ...ADD_ON,
  'workload-no-dangerous-capabilities',
  'workload-no-host-namespaces',
  'workload-no-host-paths',
  'workload-no-host-ports',
  'workload-not-privileged',
  'workload-pss-baseline',
];

/** What an agent needs that asks the container runtime. */
const RUNTIME_AGENT = [...NODE_AGENT, 'workload-no-container-socket'];

const EKS = 'https://docs.aws.amazon.com/eks/latest/userguide';

/**
 * The add-ons of AWS, by namespace, kind and name, as long as they run AWS's own images. A namespace is never exempt, and neither is anything else in it: a
 * DaemonSet that somebody put into kube-system is judged like any other.
 */
export const VENDOR_WORKLOADS: readonly VendorWorkload[] = [
  {
    namespace: 'kube-system',
    kind: 'DaemonSet',
    names: ['aws-node'],
    because: 'the VPC CNI plugin sets up the network of its node',
    checks: NODE_AGENT,
    source: `${EKS}/managing-vpc-cni.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'DaemonSet',
    names: ['kube-proxy'],
    because: 'kube-proxy writes the rules of Services to its node',
    checks: NODE_AGENT,
    source: `${EKS}/managing-kube-proxy.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'Deployment',
    names: ['coredns'],
    because: 'CoreDNS is installed with each cluster and reads Services from the API server',
    checks: ADD_ON,
    source: `${EKS}/managing-coredns.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'DaemonSet',
    names: ['eks-pod-identity-agent'],
    because: 'the Pod Identity agent answers on an address of its node',
    checks: NODE_AGENT,
    source: `${EKS}/pod-id-agent-setup.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'DaemonSet',
    names: ['eks-node-monitoring-agent'],
    because: 'the node monitoring agent reads the logs and the state of its node',
    checks: RUNTIME_AGENT,
    source: `${EKS}/node-health.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'DaemonSet',
    names: ['ebs-csi-node'],
    because: 'the EBS CSI driver mounts volumes on its node',
    checks: NODE_AGENT,
    source: `${EKS}/ebs-csi.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'Deployment',
    names: ['ebs-csi-controller'],
    because: 'the controller of the EBS CSI driver watches claims through the API server',
    checks: ADD_ON,
    source: `${EKS}/ebs-csi.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'DaemonSet',
    names: ['efs-csi-node'],
    because: 'the EFS CSI driver mounts file systems on its node',
    checks: NODE_AGENT,
    source: `${EKS}/efs-csi.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'Deployment',
    names: ['efs-csi-controller'],
    because: 'the controller of the EFS CSI driver mounts file systems to make and delete directories',
    checks: NODE_AGENT,
    source: `${EKS}/efs-csi.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'DaemonSet',
    names: ['s3-csi-node'],
    because: 'the Mountpoint for S3 CSI driver mounts buckets on its node',
    checks: NODE_AGENT,
    source: `${EKS}/s3-csi.html`,
  },
  {
    namespace: 'kube-system',
    kind: 'Deployment',
    names: ['snapshot-controller'],
    because: 'the CSI snapshot controller watches snapshots through the API server',
    checks: ADD_ON,
    source: `${EKS}/csi-snapshot-controller.html`,
  },
  {
    namespace: 'amazon-guardduty',
    kind: 'DaemonSet',
    names: ['aws-guardduty-agent'],
    because: 'the GuardDuty agent watches the processes and the container runtime of its node',
    checks: RUNTIME_AGENT,
    source: 'https://docs.aws.amazon.com/guardduty/latest/ug/how-runtime-monitoring-works-eks.html',
  },
  {
    namespace: 'amazon-cloudwatch',
    kind: 'DaemonSet',
    names: ['cloudwatch-agent', 'fluent-bit'],
    because: 'the CloudWatch agents read metrics and logs of their node and its container runtime',
    checks: RUNTIME_AGENT,
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html',
  },
  {
    namespace: 'amazon-cloudwatch',
    kind: 'Deployment',
    names: ['amazon-cloudwatch-observability-controller-manager'],
    because: 'the operator of the CloudWatch agents manages them through the API server',
    checks: ADD_ON,
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html',
  },
];

/**
 * The entry that exempts a resource from a check; undefined for everything that is not the vendor's. Names can be taken:
 * every container of every pod must run an image that AWS publishes.
 */
export function vendorWorkloadOf(resource: Resource, checkId: string): VendorWorkload | undefined {
  if (resource.type !== 'KubernetesWorkload') return undefined;
  const { namespace, kind, name, variants } = resource;
  const entry = VENDOR_WORKLOADS.find(
    (workload) =>
      workload.namespace === namespace &&
      workload.kind === kind &&
      workload.names.includes(name) &&
      workload.checks.includes(checkId),
  );
  const containers = variants.flatMap(({ spec }) => spec.containers);
  return containers.length > 0 && containers.every(({ image = '' }) => isAddOnImage(image)) ? entry : undefined;
}
