import type { IamAction } from '../../domain/ports.ts';
import { detectionProbes } from './detection.ts';
import { ecrProbes } from './ecr.ts';
import { ecsProbes } from './ecs.ts';
import { eksProbes } from './eks.ts';
import { gateProbes } from './gate.ts';
import { iamProbes } from './iam.ts';
import { organizationProbes } from './organization.ts';
import type { PermissionProbe } from './probe.ts';
import { securityHubProbes } from './publishing.ts';
import { ec2Probes, surroundingProbes } from './surroundings.ts';

/** How each permission is tried that belongs to an account and a region, by IAM action. */
export const accountProbes: Readonly<Record<IamAction, PermissionProbe>> = {
  ...detectionProbes,
  ...ec2Probes,
  ...ecrProbes,
  ...ecsProbes,
  ...eksProbes,
  ...gateProbes,
  ...iamProbes,
  ...organizationProbes,
  ...securityHubProbes,
  ...surroundingProbes,
};

/** One cheap listing of each service: where one of them is answered, the region is open. */
export const PROBES_OF_A_REGION: readonly IamAction[] = [
  'ecr:DescribeRepositories',
  'ecs:ListClusters',
  'eks:ListClusters',
  'guardduty:ListDetectors',
  'inspector2:BatchGetAccountStatus',
];
