import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';

/** A break-in is often found months later; the log must still be there then. */
export const eksClusterAuditLogsRetained = defineCheck({
  id: 'eks-cluster-audit-logs-retained',
  title: 'EKS clusters should have their audit logs retained long enough',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'LOW',
  rationale:
    'Audit events that have expired cannot answer who did what when an incident is discovered weeks or months after it began.',
  limits: 'Looks at the log group of EKS only: copies that a subscription sends elsewhere are not seen.',
  remediation: {
    text: 'Set the retention of the log group /aws/eks/<cluster>/cluster to at least the required number of days, or to never expire.',
    url: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html#SettingLogRetention',
  },
  frameworks: { 'cis-eks-1.8.0': ['2.1.2'] },
  parameters: z.strictObject({
    minRetentionDays: z
      .number()
      .int()
      .positive()
      .default(365)
      .describe('How many days audit events must be kept; the default is that of CloudWatch.16 of Security Hub.'),
  }),
  evaluate: ({ enabledLogTypes, auditLogGroup }, { parameters: { minRetentionDays } }) => {
    if (!enabledLogTypes.includes('audit')) return notApplicable('the audit log is not delivered');
    const expected = `at least ${minRetentionDays} days, or never expire`;
    return whenKnown(auditLogGroup, (group) => {
      if (group === null) {
        return failed('the log group of the audit log does not exist', [
          { path: 'auditLogGroup', observed: null, expected },
        ]);
      }
      if (group.retentionInDays === null || group.retentionInDays >= minRetentionDays) return passed();
      return failed('audit logs expire too early', [
        { path: `logGroup[${group.name}].retentionInDays`, observed: group.retentionInDays, expected },
      ]);
    });
  },
});
