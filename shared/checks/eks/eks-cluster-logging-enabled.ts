import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';

const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** Without the audit log nobody can say who did what in the cluster. */
export const eksClusterLoggingEnabled = defineCheck({
  id: 'eks-cluster-logging-enabled',
  title: 'EKS clusters should deliver their control plane logs',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'MEDIUM',
  rationale:
    'The control plane runs in an account of AWS: what is not delivered to CloudWatch Logs is lost, and with it every trace of who changed or read what.',
  limits: 'EKS.8 of AWS asks for the audit log only; set required to ["audit"] to judge the same.',
  remediation: {
    text: 'Switch on the control plane log types in the logging configuration of the cluster, the audit log first.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['2.1.1'], 'nist-800-190': ['4.4.5'] },
  relatedControls: { 'aws-fsbp': ['EKS.8'] },
  parameters: z.strictObject({
    required: z
      .array(z.enum(LOG_TYPES))
      .min(1)
      .default([...LOG_TYPES])
      .describe('The control plane log types that must be delivered.'),
  }),
  evaluate: ({ enabledLogTypes }, { parameters }) => {
    const missing = parameters.required.filter((type) => !enabledLogTypes.includes(type));
    if (missing.length === 0) return passed();
    const evidence = [
      { path: 'logging.clusterLogging', observed: enabledLogTypes, expected: [...parameters.required].sort() },
    ];
    if (missing.includes('audit')) return failed('the audit log is not delivered', evidence);
    return failed('control plane logs are not delivered', evidence, {
      severity: 'LOW',
      because: 'the audit log is delivered',
    });
  },
});
