import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { DescribedRole } from './account-roles.ts';
import type { IamRole, RoleUse } from './model.ts';
import { observedUses } from './used-roles.ts';

/** A role as a resource; of one that does not exist nothing but that is known. */
export function roleFrom(
  { accountId, region, partition }: CollectorContext,
  arn: string,
  uses: readonly RoleUse[],
  { roleOf }: { readonly roleOf: (arn: string) => Observed<DescribedRole | null> },
  complete: Observed<true>,
): IamRole {
  const role = roleOf(arn);
  const part = <T>(select: (found: DescribedRole) => Observed<T>): Observed<T> => {
    if (!role.known) return role;
    return role.value === null ? undecidable('The role does not exist.') : select(role.value);
  };
  const users = [...new Set(uses.map(({ user }) => user))].sort();
  return {
    type: 'AwsIamRole',
    uid: arn,
    arn,
    name: arn.split('/').at(-1) ?? arn,
    accountId,
    region,
    partition,
    inUse: uses.length > 0 ? 'yes' : complete.known ? 'no' : 'unknown',
    ...(users.length === 0 ? {} : { usedBy: users.slice(0, 10), usedByCount: users.length }),
    tags: part(({ tags }) => known(tags)),
    exists: mapObserved(role, (found) => found !== null),
    trustPolicy: part(({ trustPolicy }) => trustPolicy),
    policies: part(({ policies }) => policies),
    permissionsBoundary: part(({ permissionsBoundary }) => permissionsBoundary),
    uses: observedUses(uses, complete),
    usesListed: complete,
  };
}
