import type { RowKey } from '../domain/ledger.ts';
import { COVERAGE_CHECK_ID } from './coverage-findings.ts';

/** The service whose collector reads what a check judges; undefined for a check this version does not know. */
export type ServiceOfCheck = (checkId: string) => string | undefined;

/**
 * Where the ledger keeps a finding, read from its permanent id: partition, account, region and check id stand at its
 * head even where the tail had to be hashed.
 */
export function rowKeyOf(findingId: string, serviceOf: ServiceOfCheck): RowKey | undefined {
  const [tool, , accountId, region, checkId, uid] = findingId.split('/');
  if (tool !== 'hullcheck' || accountId === undefined || region === undefined || checkId === undefined)
    return undefined;
  const service = checkId === COVERAGE_CHECK_ID ? uid : serviceOf(checkId);
  return service === undefined ? undefined : { accountId, region, service, findingId };
}
