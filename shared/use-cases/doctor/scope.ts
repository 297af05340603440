import type { CredentialSource } from '../../aws/accounts.ts';
import type { CollectedCluster } from '../../collectors/kubernetes/stored.ts';
import type { Config } from '../../config/schema.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';
import type { Collector, IamAction } from '../../domain/ports.ts';
import { ledgerPermissions } from '../../ledger/dynamodb.ts';
import { SECURITY_HUB_PERMISSIONS } from '../../sinks/security-hub/sink.ts';
import type { Topics } from '../../sinks/sns/topic.ts';
import type { AlertTopic } from './alerts.ts';
import type { FunctionRoles } from './function-roles.ts';
import type { LedgerTable } from './ledger.ts';

/** What a scan would be given, and so what has to work. */
export interface ScopeToDiagnose {
  readonly sources: readonly CredentialSource[];
  readonly regions: readonly string[];
  readonly collectors: readonly Pick<Collector, 'service' | 'permissions'>[];
  /** What asking the organization for its accounts calls; left out where nobody asks. */
  readonly organization?: readonly IamAction[];
  /** Why the organization's accounts are not known, where they could not be listed. */
  readonly unlisted?: string;
  /** What publishing to Security Hub calls; left out where nothing is published there. */
  readonly securityHub?: readonly IamAction[];
  /** Topics of alerts; left out where none are sent. */
  readonly topics?: readonly AlertTopic[];
  readonly ledger?: LedgerTable;
  /** Clusters whose inside scans take from a bucket. */
  readonly collected?: readonly CollectedCluster[];
  /** Who scans, where it is not whoever looks. */
  readonly functionRoles?: FunctionRoles;
  /** What was found out before AWS was asked: whether files can be read. */
  readonly before?: readonly ProbeResult[];
}

/** What is asked for beside what the configuration says. */
export interface AskedToDiagnose
  extends Pick<ScopeToDiagnose, 'sources' | 'regions' | 'collectors' | 'unlisted' | 'functionRoles' | 'before'> {
  readonly destinations: readonly ('security-hub' | 'sns')[];
  readonly table?: Pick<LedgerTable, 'name' | 'region'>;
}

/** The scope of a scan with a configuration. */
export function scopeToDiagnose({ scope, publish, clusters }: Config, asked: AskedToDiagnose): ScopeToDiagnose {
  const { destinations, table, ...rest } = asked;
  const organization = organizationPermissions(scope, asksForUnits(publish));
  return {
    ...rest,
    collected: clusters.collected,
    ...(organization === undefined ? {} : { organization }),
    ...(destinations.includes('security-hub') ? { securityHub: SECURITY_HUB_PERMISSIONS } : {}),
    ...(destinations.includes('sns') ? { topics: topicsOf(publish) } : {}),
    ...(table === undefined ? {} : { ledger: { ...table, permissions: ledgerPermissions } }),
  };
}

/** Only what the configured question asks: see `listOrganization`. */
function organizationPermissions(
  { organization }: Config['scope'],
  withUnits: boolean,
): readonly IamAction[] | undefined {
  if (organization === undefined) return undefined;
  const walk: IamAction[] = ['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent'];
  if (organization.organizationalUnits !== undefined) return walk;
  return withUnits ? [...walk, 'organizations:ListRoots'] : ['organizations:ListAccounts'];
}

function asksForUnits({ sns }: Config['publish']): boolean {
  return sns?.routes.some(({ match }) => match.organizationalUnits !== undefined) ?? false;
}

/** Each topic once, under the first setting that names it. */
function topicsOf({ sns }: Config['publish']): readonly AlertTopic[] {
  if (sns === undefined) return [];
  const named = [
    ...topicsIn(sns.topics as Topics, 'publish.sns.topics'),
    ...sns.routes.flatMap(({ name, topics }) => topicsIn(topics as Topics, `the route ${name}`)),
  ];
  return [...new Map(named.toReversed().map((topic) => [topic.arn, topic])).values()].toReversed();
}

function topicsIn(topics: Topics, place: string): readonly AlertTopic[] {
  return (['human', 'chat', 'machine'] as const).flatMap((form) => {
    const arn = topics[form];
    return arn === undefined ? [] : [{ arn, form, setting: `${form} messages (${place})` }];
  });
}
