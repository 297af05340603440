import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CredentialSource } from '#shared/aws/accounts.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Diagnosis } from '#shared/domain/diagnosis.ts';
import { storedInventories } from '#shared/inventory-file/stored.ts';
import type { ProbeCluster } from '#shared/use-cases/doctor/clusters.ts';
import { diagnose } from '#shared/use-cases/doctor/diagnose.ts';
import { type AskedToDiagnose, scopeToDiagnose } from '#shared/use-cases/doctor/scope.ts';

export interface DiagnosisOptions
  extends Partial<Pick<AskedToDiagnose, 'regions' | 'collectors' | 'destinations' | 'table'>> {
  readonly sources?: readonly CredentialSource[];
  /** More of hullcheck.yaml, by its own keys. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly probeCluster?: ProbeCluster;
  readonly now?: () => Date;
}

/** What doctor says of the demo account that `useDemoAccount` serves; all clusters can be reached unless told. */
export async function diagnoseDemo(options: DiagnosisOptions = {}): Promise<Diagnosis> {
  const text = JSON.stringify({ version: 1, aws: { maxAttempts: 1 }, ...options.config });
  const loaded = loadConfig(text, 'test', allChecks());
  const appOptions = { ...loaded, toolVersion: '0.0.0-test', hashKey: new Uint8Array(32), unlimitedRate: true };
  const app = composeApp(appOptions);
  const { sources = [{}], regions = ['us-east-1', 'eu-west-1'], destinations = [], table } = options;
  try {
    const asked = { sources, regions, destinations, collectors: options.collectors ?? app.collectors };
    return await diagnose(scopeToDiagnose(loaded.config, { ...asked, ...(table === undefined ? {} : { table }) }), {
      clients: app.clients,
      newClients: () => composeApp(appOptions).clients,
      probeCluster: options.probeCluster ?? (async () => ({ answer: 'reached' })),
      openInventories: (credentials) => storedInventories(undefined, credentials),
      now: options.now ?? (() => new Date()),
    });
  } finally {
    app.close();
  }
}

/** A table like the ledger's, as far as trying it needs one. */
export async function createLedgerTable(name: string, region: string): Promise<void> {
  const client = new DynamoDBClient({ region });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  client.destroy();
}
