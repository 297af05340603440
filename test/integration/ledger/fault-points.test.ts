import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  DescribeHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { imported, updated } from '#demo/services/securityhub-findings.ts';
import type { CoverageEntry } from '#shared/domain/coverage.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import type { ClientClass } from '#shared/domain/ports.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { ItemLedger } from '#shared/ledger/item-ledger.ts';
import { openSqliteItemStore } from '#shared/ledger/sqlite.ts';
import { SecurityHubSink } from '#shared/sinks/security-hub/sink.ts';
import { SnsSink } from '#shared/sinks/sns/sink.ts';
import { LedgerAlertMemory } from '#shared/use-cases/ledger-alert-memory.ts';
import { publishChanges } from '#shared/use-cases/publish-changes.ts';
import {
  checkMetadata,
  coverageEntry,
  coverageGap,
  finding,
  resultHeader,
  taskDefinitionReference,
  waiver,
} from '#test/factories/finding.ts';
import { hour } from '#test/factories/ledger.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { allOf } from '#test/support/all-of.ts';
import { MortalProcess } from '#test/support/mortal-process.ts';

const CHECK = 'ecs-task-root-filesystem-readonly';
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`;
const hubClient = mockClient(SecurityHubClient);
const snsClient = mockClient(SNSClient);

function findingOf(name: string, overrides: Partial<Finding> = {}): Finding {
  const uid = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${name}`;
  return finding({ resource: taskDefinitionReference({ uid, name, arn: `${uid}:1` }), ...overrides });
}

/** What was there before; all of it was told. */
const BEFORE: readonly Finding[] = [
  findingOf('stays'),
  findingOf('gets-fixed'),
  findingOf('vanishes'),
  findingOf('gets-worse'),
  findingOf('waiver-ends', { waiver: waiver() }),
  findingOf('gets-waived'),
  findingOf('will-fail', { status: 'PASSED', evidence: [] }),
];
/** Then something critical begins, which opens an incident. */
const CRISIS = [...BEFORE, findingOf('alerted', { severity: 'CRITICAL' })];
/** Every kind of transition at once: this is the run that is killed. */
const AFTER: readonly Finding[] = [
  findingOf('stays'),
  findingOf('gets-fixed', { status: 'PASSED', evidence: [] }),
  findingOf('gets-worse', { severity: 'CRITICAL' }),
  findingOf('waiver-ends'),
  findingOf('gets-waived', { waiver: waiver() }),
  findingOf('will-fail', { severity: 'CRITICAL' }),
  findingOf('alerted', { status: 'PASSED', evidence: [] }),
  findingOf('new'),
];
const UNREADABLE: readonly CoverageEntry[] = [
  coverageEntry(),
  coverageEntry({ service: 'ecr', status: 'failed', gaps: [coverageGap()] }),
];

interface Message {
  readonly kind: string;
  readonly eventAction: string;
  readonly dedupKey: string;
  readonly top?: readonly { readonly findingId: string }[];
}

interface World {
  readonly ledger: Ledger;
  readonly hub: Map<string, AwsSecurityFinding>;
  readonly messages: Message[];
}

let world: World;
let process: MortalProcess;

beforeEach(() => {
  hubClient.reset();
  snsClient.reset();
  hubClient.on(DescribeHubCommand).callsFake(() => process.effect('DescribeHub', async () => ({})));
  hubClient.on(BatchImportFindingsCommand).callsFake(({ Findings }: { Findings: AwsSecurityFinding[] }) =>
    process.effect(`import ${Findings.length}`, async () => {
      for (const each of Findings) {
        world.hub.set(
          each.Id ?? '',
          imported(each, world.hub.get(each.Id ?? ''), REGION, new Date(each.UpdatedAt ?? 0)),
        );
      }
      return { SuccessCount: Findings.length, FailedCount: 0 };
    }),
  );
  hubClient.on(GetFindingsCommand).callsFake(({ Filters }: { Filters: { Id: { Value: string }[] } }) =>
    process.effect('GetFindings', async () => ({
      Findings: Filters.Id.flatMap(({ Value }) => world.hub.get(Value) ?? []),
    })),
  );
  hubClient.on(BatchUpdateFindingsCommand).callsFake((input) =>
    process.effect('BatchUpdateFindings', async () => {
      for (const { Id } of input.FindingIdentifiers) {
        const held = world.hub.get(Id);
        if (held !== undefined) world.hub.set(Id, updated(held, input, new Date(0)));
      }
      return {};
    }),
  );
  snsClient.on(PublishCommand).callsFake(({ Message: body }: { Message: string }) => {
    const message = JSON.parse(body) as Message;
    return process.effect(labelOf(message), async () => {
      world.messages.push(message);
      return {};
    });
  });
});

const labelOf = ({ kind, eventAction, dedupKey }: Message) => `message ${kind} ${eventAction} ${dedupKey}`;

/** One run over what is there now, in a process of its own. */
async function run(n: number, findings: readonly Finding[], coverage: readonly CoverageEntry[], mortal: MortalProcess) {
  process = mortal;
  const ledger = mortal.wrap(world.ledger, (method, args) =>
    method === 'putRow' ? `putRow ${(args[0] as { finding: Finding }).finding.id}` : method,
  );
  const serviceOf = () => 'ecs';
  const checkOf = () => checkMetadata();
  const clients = new Map<unknown, unknown>([
    [SecurityHubClient, new SecurityHubClient({ region: REGION })],
    [SNSClient, new SNSClient({ region: REGION })],
  ]);
  const clientFor = <C>(clientClass: ClientClass<C>) => clients.get(clientClass) as C;
  const memory = new LedgerAlertMemory({ ledger, serviceOf, window: `run ${n}`, max: 5 });
  const sinks = [
    new SecurityHubSink({ checkOf, toolVersion: '1', clientFor, sleep: async () => {} }),
    new SnsSink({ checkOf, clientFor, topics: { machine: TOPIC }, memory, accountNameOf: () => undefined }),
  ];
  const header = resultHeader({ startedAt: hour(n), finishedAt: hour(n), coverage });
  const result = { header, findings: () => [...findings].sort((left, right) => (left.id < right.id ? -1 : 1)) };
  const done = publishChanges(`run ${n}`, result, {
    ledger,
    sinks,
    checkIds: [CHECK],
    serviceOf,
    registry: createRegistry([]),
    now: () => new Date(hour(n)),
  });
  return Promise.race([done, mortal.killed]);
}

/** The story up to the run that is killed, then that run, dead at a point; and the same message delivered again. */
async function story(
  deadlyPoint?: number,
): Promise<{ readonly trace: readonly string[]; readonly messages: Message[] }> {
  world = {
    ledger: new ItemLedger(await openSqliteItemStore(':memory:'), () => new Date(hour(0))),
    hub: new Map(),
    messages: [],
  };
  await run(1, BEFORE, [coverageEntry()], new MortalProcess());
  await run(2, CRISIS, [coverageEntry()], new MortalProcess());
  world.messages.splice(0);
  const mortal = new MortalProcess(deadlyPoint);
  const outcome = await run(3, AFTER, UNREADABLE, mortal);
  if (outcome === 'killed') await run(4, AFTER, UNREADABLE, new MortalProcess());
  return { trace: mortal.trace, messages: [...world.messages] };
}

/** What is remembered, without the times, versions and hashes that tell one run from another. */
async function remembered() {
  const rows = await allOf(world.ledger.rowsOfScope({ accountId: ACCOUNT, region: REGION, service: 'ecs' }));
  const coverage = await allOf(world.ledger.rowsOfScope({ accountId: ACCOUNT, region: REGION, service: 'ecr' }));
  return {
    rows: [...rows, ...coverage].map(
      ({ finding: { id, severity, waiver: of }, status, publish, publishedAs, alert, reopenedCount }) => ({
        id,
        severity,
        waiver: of?.id,
        status,
        publish,
        publishedAs,
        alert,
        reopenedCount,
      }),
    ),
    news: (await allOf(world.ledger.news(ACCOUNT))).length,
    pending: (await allOf(world.ledger.pendingRows(ACCOUNT, REGION))).length,
  };
}

function shown() {
  return [...world.hub.values()]
    .map(({ Id, RecordState, Compliance, Workflow, Note, FindingProviderFields, CreatedAt }) => ({
      Id,
      RecordState,
      status: Compliance?.Status,
      workflow: Workflow?.Status,
      note: Note?.Text,
      severity: FindingProviderFields?.Severity?.Label,
      // A finding that the killed run had not yet written down is first seen by the next one.
      CreatedAt: CreatedAt === hour(4) ? hour(3) : CreatedAt,
    }))
    .sort((left, right) => ((left.Id ?? '') < (right.Id ?? '') ? -1 : 1));
}

const countOf = (messages: readonly Message[]) => {
  const counts = new Map<string, number>();
  for (const message of messages) counts.set(labelOf(message), (counts.get(labelOf(message)) ?? 0) + 1);
  return counts;
};

describe('a run that is killed at any await, and delivered again', () => {
  let undisturbed: Awaited<ReturnType<typeof story>>;
  let state: Awaited<ReturnType<typeof remembered>>;
  let hub: ReturnType<typeof shown>;

  beforeEach(async () => {
    if (undisturbed !== undefined) return;
    undisturbed = await story();
    state = await remembered();
    hub = shown();
  });

  test('tells, undisturbed, each kind of change once', () => {
    const kinds = undisturbed.messages.map(({ kind, eventAction }) => `${kind} ${eventAction}`);
    expect(kinds.slice(0, -1).sort()).toEqual(['alert resolve', 'alert trigger', 'alert trigger']);
    expect(kinds.at(-1)).toBe('digest trigger');
    expect(state).toMatchObject({ news: 0, pending: 0 });
    expect(hub.map(({ RecordState }) => RecordState).filter((each) => each === 'ARCHIVED')).toHaveLength(3);
  });

  test('ends in the same state at each of them, loses nothing, and repeats a message only in its window', async () => {
    const points = undisturbed.trace;
    expect(points.length).toBeGreaterThan(60);
    const repeated = new Set<string>();
    for (const deadlyPoint of points.keys()) {
      const killed = await story(deadlyPoint);
      const at = `killed at ${deadlyPoint}: ${points[deadlyPoint]}`;
      expect(killed.trace, at).toEqual(points.slice(0, deadlyPoint));
      expect(await remembered(), at).toEqual(state);
      expect(shown(), at).toEqual(hub);
      for (const [label, count] of countOf(undisturbed.messages)) {
        const repeats = (countOf(killed.messages).get(label) ?? 0) - count;
        if (repeats > 0) repeated.add(label);
        expect(repeats, `${at}; ${label}`).toBe(isInWindow(label, deadlyPoint, points) ? 1 : 0);
      }
      expect(countOf(killed.messages).size, at).toBe(countOf(undisturbed.messages).size);
      expect(worseIn(killed.messages), at).toEqual(worseIn(undisturbed.messages));
    }
    expect(repeated, 'each message has such a window').toEqual(new Set(countOf(undisturbed.messages).keys()));
  }, 300_000);
});

/** From the moment the message is out until it is written down that it is. */
function isInWindow(label: string, deadlyPoint: number, points: readonly string[]): boolean {
  const out = points.indexOf(`after ${label}`);
  const [, kind, , dedupKey] = label.split(' ');
  const mark = kind === 'digest' ? 'after removeNews' : `after putRow ${dedupKey}`;
  return deadlyPoint >= out && deadlyPoint < points.indexOf(mark, out);
}

/** All that became worse, as the digests of the story tell it. */
function worseIn(messages: readonly Message[]): readonly string[] {
  return [...new Set(messages.flatMap(({ top }) => top ?? []).map(({ findingId }) => findingId))].sort();
}
