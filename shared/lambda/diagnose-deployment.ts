import type { ClientFactory } from '../aws/clients.ts';
import { classifyError } from '../aws/errors.ts';
import { OrganizationError } from '../aws/organization.ts';
import type { LambdaEnvironment } from '../config/lambda-environment.ts';
import { ConfigError } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { type Diagnosis, diagnosisOf, type ProbeResult } from '../domain/diagnosis.ts';
import type { Collector } from '../domain/ports.ts';
import { storedInventories } from '../inventory-file/stored.ts';
import type { AccountsInScope } from '../use-cases/accounts-in-scope.ts';
import { askCluster } from '../use-cases/doctor/ask-cluster.ts';
import { diagnose } from '../use-cases/doctor/diagnose.ts';
import type { FunctionRoles } from '../use-cases/doctor/function-roles.ts';
import type { LedgerTable } from '../use-cases/doctor/ledger.ts';
import { type AskedToDiagnose, scopeToDiagnose } from '../use-cases/doctor/scope.ts';
import type { Settings } from './settings.ts';

/** What of a deployment is looked at; read one after the other, because each may be what is wrong. */
export interface DeploymentToDiagnose {
  /** Where the configuration is read. */
  readonly configuration: string;
  readonly settings: () => Promise<Settings>;
  readonly clients: () => Promise<ClientFactory>;
  /** Further factories, for other identities in the same account. */
  readonly newClients: (settings: Config['aws']) => ClientFactory;
  readonly now: () => Date;
  readonly accounts: () => Promise<AccountsInScope>;
  readonly regions: () => Promise<readonly string[]>;
  readonly collectors: () => Promise<readonly Collector[]>;
  readonly table: Pick<LedgerTable, 'name' | 'region'>;
  /** Whose roles are tried in the deployment's own account; the own one where they are not known. */
  readonly functionRoles: FunctionRoles | undefined;
}

/**
 * Tries with the roles of the functions that scan what the deployment needs: see `diagnose`.
 *
 * @param only accounts to look at; default: all that are configured
 */
export async function diagnoseDeployment(
  deployment: DeploymentToDiagnose,
  only?: readonly string[],
): Promise<Diagnosis> {
  const { settings, unusable } = await readSettings(deployment);
  if (settings === undefined) return diagnosisOf(unusable);
  const { configuration, table, functionRoles, newClients, now } = deployment;
  const readable: ProbeResult = {
    group: 'configuration',
    status: 'ok',
    subject: configuration,
    message: `The configuration can be used: ${configuration}.`,
  };
  const { results, ...accounts } = await readAccounts(deployment, only);
  const scope = scopeToDiagnose(settings.config, {
    ...accounts,
    regions: await deployment.regions(),
    collectors: await deployment.collectors(),
    destinations: settings.config.publish.sns === undefined ? ['security-hub'] : ['security-hub', 'sns'],
    table,
    before: [readable, ...results],
    ...(functionRoles === undefined ? {} : { functionRoles }),
  });
  const made: ClientFactory[] = [];
  try {
    return await diagnose(scope, {
      clients: await deployment.clients(),
      newClients: () => {
        const clients = newClients(settings.config.aws);
        made.push(clients);
        return clients;
      },
      probeCluster: askCluster,
      openInventories: (credentials) => storedInventories(undefined, credentials),
      now,
    });
  } finally {
    for (const clients of made) clients.destroy();
  }
}

/** The roles that a deployment tells its doctor; undefined where it is told none. */
export function functionRolesIn(environment: LambdaEnvironment): FunctionRoles | undefined {
  const {
    HULLCHECK_SCAN_ROLE_ARN: scan,
    HULLCHECK_RECHECK_ROLE_ARN: recheck,
    HULLCHECK_GATE_ROLE_ARN: gate,
  } = environment;
  return scan === undefined || recheck === undefined || gate === undefined ? undefined : { scan, recheck, gate };
}

async function readSettings({
  configuration,
  settings,
}: DeploymentToDiagnose): Promise<{ settings?: Settings; unusable: readonly ProbeResult[] }> {
  const base = { group: 'configuration', subject: configuration } as const;
  try {
    return { settings: await settings(), unusable: [] };
  } catch (error) {
    if (error instanceof ConfigError) {
      const fix = { text: 'Correct it, and upload it to the bucket of the configuration again.' };
      return { unusable: error.problems.map((message) => ({ ...base, status: 'problem', message, fix })) };
    }
    const { cause, message } = classifyError(error, 's3:GetObject');
    const isLasting = cause === 'denied' || cause === 'denied-by-scp' || cause === 'not-found';
    const sentence = `The configuration ${configuration} cannot be read: ${message}`;
    const fix = { text: "Deploy again: the stack makes the bucket, and allows it to its functions' roles." };
    return { unusable: [{ ...base, status: isLasting ? 'problem' : 'unknown', message: sentence, fix }] };
  }
}

async function readAccounts(
  { accounts }: DeploymentToDiagnose,
  only: readonly string[] | undefined,
): Promise<Pick<AskedToDiagnose, 'sources' | 'unlisted'> & { results: readonly ProbeResult[] }> {
  try {
    const inScope = await accounts();
    const isAsked = ({ accountId }: { readonly accountId: string }) => only?.includes(accountId) ?? true;
    const results: ProbeResult[] = inScope.leftOut.filter(isAsked).map(({ accountId, reason }) => {
      const message = `${accountId} is left out: ${reason}`;
      return { group: 'accounts', status: 'skipped', subject: accountId, accountId, message } as const;
    });
    const known = new Set([...inScope.accounts, ...inScope.leftOut].map(({ accountId }) => accountId));
    for (const accountId of (only ?? []).filter((one) => !known.has(one))) {
      const message = `${accountId} is none of the accounts that are scanned.`;
      results.push({ group: 'accounts', status: 'problem', subject: accountId, accountId, message });
    }
    return { sources: inScope.accounts.filter(isAsked).map(({ source }) => source), results };
  } catch (error) {
    if (!(error instanceof OrganizationError)) throw error;
    // The account itself can be looked at all the same.
    return { sources: [{}], results: [], unlisted: error.message };
  }
}
