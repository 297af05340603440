import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { QUEUE_INDEX } from '#shared/ledger/dynamodb.ts';

/** The package has no types; it makes an HTTP server that speaks DynamoDB's protocol. */
const dynalite: (options: object) => Server = createRequire(import.meta.url)('dynalite');

export interface LocalDynamoDb {
  readonly client: DynamoDBClient;
  /** Makes an empty table as the deployment's template has it. */
  createTable(name: string): Promise<void>;
  close(): Promise<void>;
}

/** DynamoDB on loopback, in memory. */
export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    client,
    createTable: (name) => createLedgerTable(client, name),
    async close() {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Makes an empty table as the deployment's template has it. */
export async function createLedgerTable(client: DynamoDBClient, name: string): Promise<void> {
  const keys = ['pk', 'sk', 'queue', 'queuedSince'];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: QUEUE_INDEX,
          KeySchema: [
            { AttributeName: 'queue', KeyType: 'HASH' },
            { AttributeName: 'queuedSince', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  // The table is made a moment after the answer, as in AWS.
  while (!(await isActive(client, name))) await setTimeout(5);
}

async function isActive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.TableStatus === 'ACTIVE';
}
