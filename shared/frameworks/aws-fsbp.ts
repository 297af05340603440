import type { Framework, FrameworkRequirement, RequirementPart } from '../domain/framework.ts';
import { documented, USER_GUIDE } from './aws/user-guide.ts';
import { NO_AUDIT_LOG } from './parts/audit-log.ts';

const NOT_CONTAINERS = 'not about containers: not judged by Hullcheck';
/** Security Hub judges these itself. */
const READ_SECURITY_HUB = 'Read the result of this control in Security Hub, or look at the setting in its console.';

/** What AWS names beside controls about addresses that the internet reaches. */
const PUBLIC_NIST = [
  'AC-3',
  'AC-3(7)',
  'AC-4',
  'AC-4(21)',
  'AC-6',
  'AC-21',
  'SC-7',
  'SC-7(3)',
  'SC-7(4)',
  'SC-7(9)',
  'SC-7(11)',
  'SC-7(16)',
  'SC-7(20)',
  'SC-7(21)',
];
const PUBLIC = { 'nist-800-53-r5': PUBLIC_NIST, 'pci-dss-4.0.1': ['1.4.4'] };
const ENDPOINT = { 'nist-800-53-r5': PUBLIC_NIST.filter((id) => id !== 'SC-7(9)') };
const OPEN_GROUP = ['AC-4', 'AC-4(21)', 'SC-7', 'SC-7(4)', 'SC-7(5)', 'SC-7(11)', 'SC-7(16)', 'SC-7(21)'];
const CONTAINER_RIGHTS = { 'nist-800-53-r5': ['AC-2(1)', 'AC-3', 'AC-3(7)', 'AC-3(15)', 'AC-5', 'AC-6'] };
const FLAWS = ['SI-2', 'SI-2(2)', 'SI-2(4)', 'SI-2(5)'];
const LOGS = ['AC-4(26)', 'AU-2', 'AU-3', 'AU-6(3)', 'AU-6(4)', 'AU-10', 'AU-12', 'CA-7', 'SC-7(9)', 'SI-7(8)'];
const KEY_RIGHTS = ['AC-2', 'AC-2(1)', 'AC-3', 'AC-3(7)', 'AC-3(15)', 'AC-5', 'AC-6', 'AC-6(3)'];
const POLICY_RIGHTS = { 'nist-800-53-r5': [...KEY_RIGHTS, 'AC-6(2)', 'AC-6(10)'] };
const DETECTION = [
  'AC-2(12)',
  'AU-6(1)',
  'AU-6(5)',
  'CA-7',
  'CM-8(3)',
  'RA-3(4)',
  'SA-8(19)',
  'SA-8(21)',
  'SA-8(25)',
  'SA-11(1)',
  'SA-11(6)',
  'SA-15(2)',
  'SA-15(8)',
  'SC-5',
  'SC-5(1)',
  'SC-5(3)',
  'SI-3(8)',
  'SI-4',
  'SI-4(1)',
  'SI-4(2)',
  'SI-4(4)',
  'SI-4(5)',
  'SI-4(13)',
  'SI-4(22)',
  'SI-4(25)',
  'SI-20',
];
const IMDS_VERSION = '^\\S*\\.httpTokens ';
const ROUTES = 'the check looks at whether the subnets of nodes lead to an internet gateway, not at addresses';
/** What the checks on the rights of roles say of keys. */
const DECRYPTION: readonly RequirementPart[] = ['identity-role', 'identity-task-role'].flatMap((roles) => [
  {
    check: `${roles}-no-privilege-escalation`,
    evidence: '"(?:kms:\\* on every resource|every action but [^"]*)"$',
  },
  { check: `${roles}-data-scoped`, evidence: '"kms:Decrypt on every resource"$' },
]);
const ENDPOINT_BY_HAND =
  'List the endpoints of each VPC with containers (ec2:DescribeVpcEndpoints): one must be of this service.';

/** The controls, with what their page names beside each ("Related requirements"). */
const CONTROLS: readonly FrameworkRequirement[] = [
  {
    id: 'EC2.8',
    title: 'Instances answer metadata requests through IMDSv2 only',
    note: 'checks look at container instances and nodes only',
    parts: ['ecs-instance-imds-restricted', 'eks-node-imds-restricted'].map((check) => ({
      check,
      evidence: IMDS_VERSION,
    })),
    names: {
      'nist-800-53-r5': ['AC-3', 'AC-3(7)', 'AC-3(15)', 'AC-6'],
      'pci-dss-4.0.1': ['2.2.6'],
      'cis-aws-5.0.0': ['5.7'],
    },
  },
  {
    id: 'EC2.9',
    title: 'Instances have no public IPv4 address',
    note: ROUTES,
    names: { 'nist-800-53-r5': PUBLIC_NIST },
  },
  { id: 'EC2.15', title: 'Subnets do not hand out public addresses by themselves', note: ROUTES, names: PUBLIC },
  {
    id: 'EC2.18',
    title: 'Security groups admit the whole internet on authorized ports only',
    names: { 'nist-800-53-r5': OPEN_GROUP },
  },
  {
    id: 'EC2.19',
    title: 'Security groups do not admit the whole internet on high-risk ports',
    names: { 'nist-800-53-r5': [...OPEN_GROUP, 'CA-9(1)', 'CM-2', 'CM-2(2)', 'CM-7'] },
  },
  {
    id: 'EC2.25',
    title: 'Launch templates assign no public address to a network interface',
    note: ROUTES,
    names: PUBLIC,
  },
  {
    id: 'EC2.55',
    title: 'VPCs reach the ECR API through an interface endpoint',
    byHand: ENDPOINT_BY_HAND,
    names: ENDPOINT,
  },
  {
    id: 'EC2.56',
    title: 'VPCs reach the ECR registry through an interface endpoint',
    byHand: ENDPOINT_BY_HAND,
    names: ENDPOINT,
  },
  {
    id: 'EC2.170',
    title: 'Launch templates require IMDSv2',
    note: 'the check looks at the node groups of EKS only',
    parts: [{ check: 'eks-node-imds-restricted', evidence: IMDS_VERSION }],
    names: { 'pci-dss-4.0.1': ['2.2.6'] },
  },
  {
    id: 'ECR.1',
    title: 'Private repositories have their images scanned',
    names: { 'nist-800-53-r5': ['RA-5'], 'pci-dss-4.0.1': ['6.2.3', '6.2.4'] },
  },
  {
    id: 'ECR.2',
    title: 'Tags in private repositories cannot be moved',
    names: { 'nist-800-53-r5': ['CA-9(1)', 'CM-2', 'CM-8(1)'] },
  },
  {
    id: 'ECR.3',
    title: 'Repositories have a lifecycle policy',
    parts: [{ check: 'ecr-repository-lifecycle-policy', evidence: '^lifecyclePolicy null$', exhaustive: true }],
    names: { 'nist-800-53-r5': ['CA-9(1)', 'CM-2', 'CM-2(2)'] },
  },
  { id: 'ECS.2', title: 'Services do not give tasks public addresses by themselves', names: PUBLIC },
  {
    id: 'ECS.3',
    title: 'Task definitions do not share the process namespace of the host',
    parts: [{ check: 'ecs-task-no-host-namespaces', evidence: '^pidMode ' }],
    names: { 'nist-800-53-r5': ['CA-9(1)', 'CM-2'] },
  },
  { id: 'ECS.4', title: 'Containers do not run privileged', names: CONTAINER_RIGHTS },
  { id: 'ECS.5', title: 'Containers can only read their root file system', names: CONTAINER_RIGHTS },
  {
    id: 'ECS.8',
    title: 'Environment variables carry no AWS credentials or registry secrets',
    names: { 'nist-800-53-r5': ['CA-9(1)', 'CM-2'], 'pci-dss-4.0.1': ['8.6.2'] },
  },
  { id: 'ECS.9', title: 'Every container of a task definition has a log driver', names: { 'nist-800-53-r5': LOGS } },
  {
    id: 'ECS.10',
    title: 'Fargate services run on the latest platform version',
    names: { 'nist-800-53-r5': FLAWS, 'pci-dss-4.0.1': ['6.3.3'] },
  },
  {
    id: 'ECS.12',
    title: 'Clusters have Container Insights switched on',
    names: { 'nist-800-53-r5': ['AU-6(3)', 'AU-6(4)', 'CA-7', 'SI-2'] },
  },
  {
    id: 'ECS.16',
    title: 'Task sets do not give tasks public addresses by themselves',
    names: { 'pci-dss-4.0.1': ['1.4.4'] },
  },
  { id: 'ECS.18', title: 'EFS volumes of task definitions are encrypted in transit' },
  { id: 'ECS.19', title: 'Capacity providers protect instances with tasks from scale-in' },
  { id: 'ECS.20', title: 'Linux containers run as a user other than root' },
  { id: 'ECS.21', title: 'Windows containers run as a user other than the administrator' },
  { id: 'EKS.1', title: 'The cluster endpoint cannot be reached from the internet', names: PUBLIC },
  {
    id: 'EKS.2',
    title: 'Clusters run a Kubernetes version in standard support',
    names: { 'nist-800-53-r5': ['CA-9(1)', 'CM-2', ...FLAWS], 'pci-dss-4.0.1': ['12.3.4'] },
  },
  {
    // What it names (SC-8, SC-12, SC-13, SC-28, PCI DSS 8.3.2) is not taken over: a default cluster meets it by now.
    id: 'EKS.3',
    title: 'Kubernetes secrets are encrypted',
    note: 'AWS announced in June 2026 to retire it after August 10, 2026, because EKS encrypts secrets by itself since Kubernetes 1.28; the check asks for a key of the customer',
  },
  {
    id: 'EKS.8',
    title: 'Clusters deliver their audit log',
    parts: [{ check: 'eks-cluster-logging-enabled', evidence: NO_AUDIT_LOG, exhaustive: true }],
    names: {
      'nist-800-53-r5': [...LOGS, 'AC-2(4)', 'AC-2(12)', 'AC-6(9)', 'AU-9(7)', 'SI-3(8)', 'SI-4', 'SI-4(20)'],
      'pci-dss-4.0.1': ['10.2.1'],
    },
  },
  { id: 'EKS.9', title: 'Node groups run a Kubernetes version in standard support' },
  {
    id: 'GuardDuty.1',
    title: 'GuardDuty is switched on',
    names: { 'nist-800-53-r5': DETECTION, 'pci-dss-4.0.1': ['11.5.1'] },
  },
  { id: 'GuardDuty.5', title: 'GuardDuty watches the audit logs of EKS' },
  { id: 'GuardDuty.6', title: 'GuardDuty protects Lambda functions', note: NOT_CONTAINERS, byHand: READ_SECURITY_HUB },
  {
    id: 'GuardDuty.7',
    title: 'GuardDuty watches EKS nodes at run time with an agent it manages',
    names: { 'pci-dss-4.0.1': ['11.5.1'] },
  },
  { id: 'GuardDuty.8', title: 'GuardDuty scans the volumes of instances and container workloads for malware' },
  { id: 'GuardDuty.9', title: 'GuardDuty protects databases of RDS', note: NOT_CONTAINERS, byHand: READ_SECURITY_HUB },
  { id: 'GuardDuty.10', title: 'GuardDuty protects S3', note: NOT_CONTAINERS, byHand: READ_SECURITY_HUB },
  {
    id: 'GuardDuty.11',
    title: 'GuardDuty Runtime Monitoring is switched on',
    parts: ['guardduty-ecs-runtime-enabled', 'guardduty-eks-runtime-enabled'].map((check) => ({
      check,
      evidence: '^(?:detector|features\\[[A-Z_]*RUNTIME_MONITORING\\])\\.status ',
      // The agent is judged only where the feature is known to be on.
      exhaustive: true,
    })),
  },
  { id: 'GuardDuty.12', title: 'GuardDuty manages the agent of ECS tasks on Fargate' },
  { id: 'GuardDuty.13', title: 'GuardDuty manages the agent of EC2 instances' },
  {
    id: 'IAM.1',
    title: 'Policies of the customer do not allow every action on everything',
    note: 'checks look at the roles of containers only, whatever policy gives them the right',
    names: POLICY_RIGHTS,
  },
  {
    id: 'IAM.21',
    title: 'Policies of the customer do not allow all actions of a service by a wildcard',
    note: 'checks look at the roles of containers and at services that hand over accounts, keys or data',
    parts: ['identity-role', 'identity-task-role'].map((roles) => ({
      check: `${roles}-no-privilege-escalation`,
      evidence: '"(?:[a-z0-9-]+:\\* on every resource|every action but [^"]*)"$',
    })),
    names: POLICY_RIGHTS,
  },
  {
    id: 'Inspector.1',
    title: 'Inspector scans EC2 instances',
    note: 'about hosts: not judged by Hullcheck',
    byHand: READ_SECURITY_HUB,
  },
  { id: 'Inspector.2', title: 'Inspector scans the images in ECR', names: { 'pci-dss-4.0.1': ['11.3.1'] } },
  {
    id: 'Inspector.3',
    title: 'Inspector scans the code of Lambda functions',
    note: NOT_CONTAINERS,
    byHand: READ_SECURITY_HUB,
  },
  { id: 'Inspector.4', title: 'Inspector scans Lambda functions', note: NOT_CONTAINERS, byHand: READ_SECURITY_HUB },
  {
    id: 'KMS.1',
    title: 'Policies of the customer do not allow decryption with every key',
    note: 'checks look at the roles of containers only',
    parts: DECRYPTION,
    names: { 'nist-800-53-r5': KEY_RIGHTS },
  },
  {
    id: 'KMS.2',
    title: 'Inline policies do not allow decryption with every key',
    note: 'checks look at the roles of containers only',
    parts: DECRYPTION,
    names: { 'nist-800-53-r5': KEY_RIGHTS },
  },
];

/**
 * The controls of AWS Foundational Security Best Practices about ECR, ECS, EKS, GuardDuty and Inspector, and those of
 * other services that a check is related to. Membership, titles and what each names were read in the documentation as
 * of September 2026. ECS.1 was retired in March 2026.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/controls-change-log.html
 */
export const awsFsbp: Framework = {
  id: 'aws-fsbp',
  name: 'AWS Foundational Security Best Practices',
  version: '1.0.0',
  sourceUrl: `${USER_GUIDE}/fsbp-standard.html`,
  subset:
    'All of its controls about ECR, ECS, EKS, GuardDuty and Inspector as of September 2026, and those about EC2, IAM and KMS that touch containers. Its other controls are left out.',
  requirements: documented(CONTROLS),
};
