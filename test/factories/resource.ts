import type { ResourceBase } from '#shared/domain/resource.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** The identity part of a resource in the test account; `inUse` is yes. */
export function resourceBase<T extends string>(type: T, uid: string, name: string): ResourceBase<T> {
  return { type, uid, name, arn: uid, accountId: ACCOUNT, region: REGION, partition: 'aws', inUse: 'yes' };
}
