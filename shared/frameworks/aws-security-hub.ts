import type { Framework, FrameworkRequirement } from '../domain/framework.ts';
import { documented, USER_GUIDE } from './aws/user-guide.ts';

const TAGGING = 'tagging standard: tags are not judged by Hullcheck';
const TAGS_BY_HAND = 'Compare the tags of these resources with your tagging policy (tag:GetResources).';
const GROUPS = 'the check looks at the groups of EKS nodes only';
const OPEN_SSH = ['AC-4', 'AC-4(21)', 'CM-7', 'SC-7', 'SC-7(4)', 'SC-7(5)', 'SC-7(11)', 'SC-7(16)', 'SC-7(21)'];

/** The controls, with what their page names beside each ("Related requirements"). */
const CONTROLS: readonly FrameworkRequirement[] = [
  {
    id: 'EC2.13',
    title: 'No security group admits the whole internet to port 22',
    note: GROUPS,
    names: { 'nist-800-53-r5': OPEN_SSH, 'pci-dss-4.0.1': ['1.3.1'] },
  },
  {
    id: 'EC2.14',
    title: 'No security group admits the whole internet to port 3389',
    note: GROUPS,
    names: { 'pci-dss-4.0.1': ['1.3.1'] },
  },
  {
    id: 'EC2.53',
    title: 'No security group admits all of IPv4 to the ports of remote administration',
    note: GROUPS,
    names: { 'cis-aws-5.0.0': ['5.3'], 'pci-dss-4.0.1': ['1.3.1'] },
  },
  {
    id: 'EC2.54',
    title: 'No security group admits all of IPv6 to the ports of remote administration',
    note: GROUPS,
    names: { 'cis-aws-5.0.0': ['5.4'], 'pci-dss-4.0.1': ['1.3.1'] },
  },
  { id: 'ECR.4', title: 'Public repositories are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  {
    id: 'ECR.5',
    title: 'Repositories are encrypted with a customer managed KMS key',
    names: {
      'nist-800-53-r5': ['AU-9', 'CA-9(1)', 'CM-3(6)', 'SC-7(10)', 'SC-12(2)', 'SC-13', 'SC-28', 'SC-28(1)', 'SI-7(6)'],
    },
  },
  { id: 'ECS.13', title: 'Services are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  { id: 'ECS.14', title: 'Clusters are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  { id: 'ECS.15', title: 'Task definitions are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  {
    id: 'ECS.17',
    title: 'Task definitions do not use the network of the host',
    names: { 'nist-800-53-r5': ['AC-2(1)', 'AC-3', 'AC-3(7)', 'AC-3(15)', 'AC-5', 'AC-6'] },
  },
  { id: 'EKS.6', title: 'Clusters are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  { id: 'EKS.7', title: 'Identity provider configurations are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  { id: 'GuardDuty.2', title: 'Filters are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  { id: 'GuardDuty.3', title: 'IP sets are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
  { id: 'GuardDuty.4', title: 'Detectors are tagged', note: TAGGING, byHand: TAGS_BY_HAND },
];

/**
 * Security Hub CSPM controls about ECR, ECS, EKS and GuardDuty that belong to other standards than FSBP (NIST SP
 * 800-53, resource tagging), and those about security groups that other standards name. Read as of September 2026.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
 */
export const awsSecurityHub: Framework = {
  id: 'aws-security-hub',
  name: 'AWS Security Hub CSPM controls outside FSBP',
  version: '2026-09',
  sourceUrl: `${USER_GUIDE}/securityhub-controls-reference.html`,
  subset:
    'All about ECR, ECS, EKS and GuardDuty that are not in FSBP, and those about security groups of nodes that CIS and PCI DSS name.',
  requirements: documented(CONTROLS),
};
