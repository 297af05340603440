import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { NOTHING, type PermissionProbe, type ProbePlace } from './probe.ts';

/** The ledger's table. */
export interface TablePlace extends ProbePlace {
  readonly table: string;
}

const Key = { pk: { S: NOTHING }, sk: { S: NOTHING } };
/** Holds of no item with this key, because there is none: the write is refused. */
const ConditionExpression = 'attribute_exists(pk)';
const refusals = ['ConditionalCheckFailedException'];
const dynamo = ({ clientFor }: ProbePlace) => clientFor(DynamoDBClient);

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html */
export const tableProbes = {
  'dynamodb:BatchGetItem': {
    call: (place) => dynamo(place).send(new BatchGetItemCommand({ RequestItems: { [place.table]: { Keys: [Key] } } })),
  },
  'dynamodb:DeleteItem': {
    call: (place) => dynamo(place).send(new DeleteItemCommand({ TableName: place.table, Key, ConditionExpression })),
    refusals,
  },
  'dynamodb:GetItem': {
    call: (place) => dynamo(place).send(new GetItemCommand({ TableName: place.table, Key })),
  },
  'dynamodb:PutItem': {
    call: (place) => dynamo(place).send(new PutItemCommand({ TableName: place.table, Item: Key, ConditionExpression })),
    refusals,
  },
  'dynamodb:Query': {
    call: (place) =>
      dynamo(place).send(
        new QueryCommand({
          TableName: place.table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: NOTHING } },
          Limit: 1,
        }),
      ),
  },
  'dynamodb:UpdateItem': {
    call: (place) =>
      dynamo(place).send(
        new UpdateItemCommand({
          TableName: place.table,
          Key,
          ConditionExpression,
          UpdateExpression: 'SET probed = :yes',
          ExpressionAttributeValues: { ':yes': { BOOL: true } },
        }),
      ),
    refusals,
  },
} as const satisfies Record<string, PermissionProbe<TablePlace>>;
