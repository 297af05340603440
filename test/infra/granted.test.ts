import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { reportEventSchema } from '#functions/report/event-schema.ts';
import { keyOf } from '#shared/ledger/keys.ts';
import { inTurn } from '#shared/use-cases/report-turn.ts';
import { ROOT } from '#test/support/all-checks.ts';

/** A template as plain data: `!Ref X` is read as X, `!GetAtt X.Arn` as X.Arn. */
const read = (path: string) => parse(readFileSync(join(ROOT, path), 'utf8'), { logLevel: 'silent' });

const roles = readdirSync(join(ROOT, 'infra/iam'))
  .map((file) => read(`infra/iam/${file}`).Resources as Record<string, { Type: string; Properties: RoleProperties }>)
  .flatMap((resources) => Object.entries(resources))
  .flatMap(([id, { Type, Properties }]) => (Type === 'AWS::IAM::Role' ? { id, ...Properties } : []));

interface RoleProperties {
  readonly ManagedPolicyArns?: readonly string[];
  readonly Policies: readonly {
    readonly PolicyDocument: {
      readonly Statement: readonly {
        readonly Sid: string;
        readonly Action: readonly string[];
        readonly Resource: string | readonly string[];
        readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
      }[];
    };
  }[];
}

describe('what functions are granted is what they are told to do', () => {
  test('watch may count every queue that it is told to count', () => {
    const watch = roles.find(({ id }) => id === 'WatchRole');
    const [, counted] = read('functions/watch/function.yml').environment.HULLCHECK_DEAD_LETTER_QUEUE_URLS as [
      string,
      readonly string[],
    ];

    const granted = watch?.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).find(
      ({ Sid }) => Sid === 'CountDeadLetters',
    );

    expect(granted?.Resource).toEqual(counted.map((queue) => `${queue}.Arn`));
  });

  test('report may write its leases, and nothing else of the ledger', async () => {
    const taken: string[] = [];
    const leases = {
      acquireLease: async (name: string) => {
        taken.push(keyOf.lease(name).pk);
        return true;
      },
      releaseLease: async () => {},
    };
    const turns = { leases, now: () => new Date(), millisecondsLeft: () => 900_000, wait: async () => {} };
    for (const kind of reportEventSchema.shape.report.options) await inTurn(kind, turns, async () => {});

    const writing = roles
      .find(({ id }) => id === 'ReportRole')
      ?.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action.some((action) => action.startsWith('dynamodb:')));

    const condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': taken } };
    expect(writing).toMatchObject([{ Action: ['dynamodb:PutItem'], Resource: 'Table.Arn', Condition: condition }]);
  });

  test.for([
    ['ReaderRoleArns', ['ReadingPolicy', 'GatePolicy']],
    ['PublisherRoleArns', ['PublishingPolicy', 'ReportPolicy']],
  ] as const)('members are told (%s) of every function that takes their roles to do so', ([output, policies]) => {
    const [, told] = read('infra/resources/central-bus.yml').Outputs[output].Value as [string, readonly string[]];

    const takers = roles.filter(
      ({ ManagedPolicyArns: has = [] }) =>
        has.includes('AccountsPolicy') && policies.some((policy) => has.includes(policy)),
    );

    expect(takers.map(({ id }) => `${id}.Arn`).toSorted()).toEqual(told.toSorted());
  });
});
