import { DescribeHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { classifyError, errorName } from '../../aws/errors.ts';
import type { ProbePlace } from '../../aws/probes/probe.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';

/** What Security Hub answers where the account has not enabled it. */
const NOT_ENABLED = new Set(['InvalidAccessException', 'ResourceNotFoundException']);

/**
 * Looks whether Security Hub takes findings in a region.
 *
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html
 */
export async function lookAtHub({ accountId, region, clientFor }: ProbePlace): Promise<ProbeResult> {
  const base = { group: 'security-hub', subject: `Security Hub in ${region}`, accountId, region } as const;
  try {
    await clientFor(SecurityHubClient).send(new DescribeHubCommand({}));
    return { ...base, status: 'ok', message: `Security Hub is enabled in ${region}.` };
  } catch (error) {
    if (NOT_ENABLED.has(errorName(error)))
      return {
        ...base,
        status: 'problem',
        message: `Security Hub is not enabled in ${region}: findings of this region are published nowhere.`,
        fix: {
          text: 'Enable Security Hub CSPM in the account and region, or have its administrator do it.',
          command: `aws securityhub enable-security-hub --region ${region} --no-enable-default-standards`,
        },
      };
    const reason = classifyError(error, 'securityhub:DescribeHub');
    return reason.cause === 'denied' || reason.cause === 'denied-by-scp'
      ? { ...base, status: 'skipped', message: 'Nobody knows without securityhub:DescribeHub; see there.' }
      : { ...base, status: 'unknown', message: reason.message };
  }
}
