import type { CollectorContext } from '../../domain/ports.ts';

/** IAM is one for the account: it is read where its own endpoint is, else in the first region of the scope. */
const IAM_REGIONS = ['us-east-1', 'cn-north-1', 'us-gov-west-1'];

export function homeRegion({ accountId, facts }: Pick<CollectorContext, 'accountId' | 'facts'>): string | undefined {
  const regions = facts.regionsOf(accountId);
  return IAM_REGIONS.find((region) => regions.includes(region)) ?? regions[0];
}
