import { defineCheck } from '../../domain/check.ts';
import { notApplicable } from '../../domain/verdict.ts';
import { judgePublicIp } from './judge-public-ip.ts';
import { hasOwnInterface } from './judge-services.ts';

/** A task with a public address can be reached from the internet as soon as one security group rule allows it. */
export const ecsServiceNoPublicIp = defineCheck({
  id: 'ecs-service-no-public-ip',
  title: 'ECS services should not assign public IP addresses to their tasks',
  resourceType: 'AwsEcsService',
  baseSeverity: 'HIGH',
  rationale:
    'A task with a public IP address is one security group rule away from the internet; load balancers and NAT gateways serve it without one.',
  limits: 'Task sets of services with another deployment controller have a check of their own.',
  remediation: {
    text: 'Set assignPublicIp to DISABLED in the network configuration of the service, and give its subnets a NAT gateway or VPC endpoints for Amazon ECR, CloudWatch Logs and Amazon S3.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-2',
  },
  frameworks: { 'aws-fsbp': ['ECS.2'] },
  relatedControls: { 'nist-800-190': ['4.3.3'] },
  overlapsWith: ['ECS.2'],
  evaluate: (service) =>
    hasOwnInterface(service)
      ? judgePublicIp(service.assignPublicIp)
      : notApplicable('the service does not use the awsvpc network mode'),
});
