import type { Framework } from '../domain/framework.ts';

/** AWS shows no list of other standards for these, the way it does for controls that are known to be in FSBP. */
const INFERRED = 'membership of the standard is inferred; confirm it with securityhub:DescribeStandardsControls';
const NOT_CONTAINERS = 'not about containers: not judged by Hullcheck';
/** Security Hub judges these itself. */
const BY_HAND = 'Read the result of this control in Security Hub, or look at the setting in its console.';

/**
 * The controls of AWS Foundational Security Best Practices about ECR, ECS, EKS, GuardDuty and Inspector, and those of
 * other services that a check is related to. ECS.1 was retired in March 2026.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html
 */
export const awsFsbp: Framework = {
  id: 'aws-fsbp',
  name: 'AWS Foundational Security Best Practices',
  version: '1.0.0',
  sourceUrl: 'https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html',
  requirements: [
    { id: 'EC2.8', title: 'Instances answer metadata requests through IMDSv2 only' },
    { id: 'EC2.9', title: 'Instances have no public IPv4 address' },
    { id: 'EC2.15', title: 'Subnets do not hand out public addresses by themselves' },
    { id: 'EC2.18', title: 'Security groups admit the whole internet on authorized ports only' },
    { id: 'EC2.19', title: 'Security groups do not admit the whole internet on high-risk ports' },
    { id: 'EC2.25', title: 'Launch templates assign no public address to a network interface' },
    {
      id: 'EC2.55',
      title: 'VPCs reach the ECR API through an interface endpoint',
      note: 'no check yet',
      byHand:
        'List the interface endpoints of each VPC with containers: ec2:DescribeVpcEndpoints must name the service of ECR.',
    },
    {
      id: 'EC2.56',
      title: 'VPCs reach the ECR registry through an interface endpoint',
      note: 'no check yet',
      byHand:
        'List the interface endpoints of each VPC with containers: ec2:DescribeVpcEndpoints must name the service of ECR.',
    },
    { id: 'EC2.170', title: 'Launch templates require IMDSv2' },
    { id: 'ECR.1', title: 'Private repositories have their images scanned' },
    { id: 'ECR.2', title: 'Tags in private repositories cannot be moved' },
    { id: 'ECR.3', title: 'Repositories have a lifecycle policy' },
    { id: 'ECS.2', title: 'Services do not give tasks public addresses by themselves' },
    { id: 'ECS.3', title: 'Task definitions do not share the process namespace of the host' },
    { id: 'ECS.4', title: 'Containers do not run privileged' },
    { id: 'ECS.5', title: 'Containers can only read their root file system' },
    { id: 'ECS.8', title: 'Environment variables carry no AWS credentials or registry secrets' },
    { id: 'ECS.9', title: 'Every container of a task definition has a log driver' },
    { id: 'ECS.10', title: 'Fargate services run on the latest platform version' },
    { id: 'ECS.12', title: 'Clusters have Container Insights switched on' },
    { id: 'ECS.16', title: 'Task sets do not give tasks public addresses by themselves' },
    { id: 'ECS.18', title: 'EFS volumes of task definitions are encrypted in transit', note: INFERRED },
    { id: 'ECS.19', title: 'Capacity providers protect instances with tasks from scale-in', note: INFERRED },
    { id: 'ECS.20', title: 'Linux containers run as a user other than root', note: INFERRED },
    { id: 'ECS.21', title: 'Windows containers run as a user other than the administrator', note: INFERRED },
    { id: 'EKS.1', title: 'The cluster endpoint cannot be reached from the internet' },
    { id: 'EKS.2', title: 'Clusters run a Kubernetes version in standard support' },
    { id: 'EKS.3', title: 'Kubernetes secrets are encrypted with a KMS key' },
    { id: 'EKS.8', title: 'Clusters deliver their audit log' },
    { id: 'EKS.9', title: 'Node groups run a Kubernetes version in standard support', note: INFERRED },
    { id: 'GuardDuty.1', title: 'GuardDuty is switched on' },
    { id: 'GuardDuty.5', title: 'GuardDuty watches the audit logs of EKS' },
    { id: 'GuardDuty.6', title: 'GuardDuty protects Lambda functions', note: NOT_CONTAINERS, byHand: BY_HAND },
    { id: 'GuardDuty.7', title: 'GuardDuty watches EKS nodes at run time with an agent it manages' },
    { id: 'GuardDuty.8', title: 'GuardDuty scans the volumes of instances and container workloads for malware' },
    { id: 'GuardDuty.9', title: 'GuardDuty protects databases of RDS', note: NOT_CONTAINERS, byHand: BY_HAND },
    { id: 'GuardDuty.10', title: 'GuardDuty protects S3', note: NOT_CONTAINERS, byHand: BY_HAND },
    { id: 'GuardDuty.11', title: 'GuardDuty Runtime Monitoring is switched on' },
    { id: 'GuardDuty.12', title: 'GuardDuty manages the agent of ECS tasks on Fargate' },
    { id: 'GuardDuty.13', title: 'GuardDuty manages the agent of EC2 instances' },
    {
      id: 'IAM.1',
      title: 'Policies do not allow every action on everything',
      related: ['identity-role-not-admin', 'identity-task-role-not-admin'],
    },
    {
      id: 'IAM.21',
      title: 'Policies do not allow all actions of a service by a wildcard',
      related: ['identity-role-no-privilege-escalation', 'identity-task-role-no-privilege-escalation'],
    },
    {
      id: 'Inspector.1',
      title: 'Inspector scans EC2 instances',
      note: 'about hosts: not judged by Hullcheck',
      byHand: BY_HAND,
    },
    { id: 'Inspector.2', title: 'Inspector scans the images in ECR' },
    { id: 'Inspector.3', title: 'Inspector scans the code of Lambda functions', note: NOT_CONTAINERS, byHand: BY_HAND },
    { id: 'Inspector.4', title: 'Inspector scans Lambda functions', note: NOT_CONTAINERS, byHand: BY_HAND },
    {
      id: 'KMS.1',
      title: 'Customer managed policies do not allow decryption with every key',
      related: ['identity-role-no-privilege-escalation', 'identity-task-role-no-privilege-escalation'],
    },
    {
      id: 'KMS.2',
      title: 'Inline policies of principals do not allow decryption with every key',
      related: ['identity-role-no-privilege-escalation', 'identity-task-role-no-privilege-escalation'],
    },
  ],
};
