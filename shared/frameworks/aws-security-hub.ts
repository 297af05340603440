import type { Framework } from '../domain/framework.ts';

const TAGGING = 'tagging standard: tags are not judged by Hullcheck';
const BY_HAND = 'Compare the tags of these resources with your tagging policy (tag:GetResources).';

/**
 * Security Hub CSPM controls about ECR, ECS, EKS and GuardDuty that belong to other standards than FSBP (NIST SP
 * 800-53, resource tagging).
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
 */
export const awsSecurityHub: Framework = {
  id: 'aws-security-hub',
  name: 'AWS Security Hub CSPM controls outside FSBP',
  version: '2026-11',
  sourceUrl: 'https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html',
  requirements: [
    { id: 'ECR.4', title: 'Public repositories are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'ECR.5', title: 'Repositories are encrypted with a customer managed KMS key' },
    { id: 'ECS.13', title: 'Services are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'ECS.14', title: 'Clusters are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'ECS.15', title: 'Task definitions are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'ECS.17', title: 'Task definitions do not use the network of the host' },
    { id: 'EKS.6', title: 'Clusters are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'EKS.7', title: 'Identity provider configurations are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'GuardDuty.2', title: 'Filters are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'GuardDuty.3', title: 'IP sets are tagged', note: TAGGING, byHand: BY_HAND },
    { id: 'GuardDuty.4', title: 'Detectors are tagged', note: TAGGING, byHand: BY_HAND },
  ],
};
