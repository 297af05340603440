import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Changes, changesIn } from '#demo/change.ts';
import type { AwsEvent } from '#demo/events.ts';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, startSeeded } from './clients.ts';

const ProductArn = 'arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default';
let demo: DemoAccount;
let hub: SecurityHubClient;
let change: Changes;
let heard: AwsEvent[];

beforeEach(async () => {
  demo = await startSeeded();
  hub = new SecurityHubClient(configOf(demo));
  change = changesIn(demo);
  heard = [];
  demo.bus.addRule({
    name: 'workflow',
    region: 'us-east-1',
    pattern: { source: ['aws.securityhub'], detail: { findings: { ProductArn: [ProductArn] } } },
    target: async (event) => {
      heard.push(event);
    },
  });
});

afterEach(() => demo.close());

function finding(Id: string): AwsSecurityFinding {
  return {
    SchemaVersion: '2018-10-08',
    Id,
    ProductArn,
    GeneratorId: 'hullcheck/ecr-repository-tags-immutable',
    AwsAccountId: '111122223333',
    CreatedAt: '2026-11-01T00:00:00.000Z',
    UpdatedAt: '2026-11-01T00:00:00.000Z',
    Title: 'Repository tags should be immutable',
    Description: 'The tags of this repository can be moved.',
    Resources: [{ Type: 'AwsEcrRepository', Id: 'arn:aws:ecr:us-east-1:111122223333:repository/x' }],
    FindingProviderFields: { Severity: { Label: 'MEDIUM' }, Types: ['Software and Configuration Checks'] },
    Compliance: { Status: 'FAILED' },
  };
}

const statesHeard = () =>
  heard.flatMap(({ detail }) =>
    (detail as { findings: AwsSecurityFinding[] }).findings.map(({ Id, Workflow }) => `${Id} ${Workflow?.Status}`),
  );

it('Security Hub tells of every imported finding by an event of its own', async () => {
  await hub.send(
    new BatchImportFindingsCommand({ Findings: [finding('f-1'), finding('f-2'), { ...finding('f-3'), Title: '' }] }),
  );
  await demo.bus.deliver();
  expect(statesHeard()).toEqual(['f-1 NEW', 'f-2 NEW']);
  expect(heard[0]).toMatchObject({
    'detail-type': 'Security Hub Findings - Imported',
    source: 'aws.securityhub',
    account: '111122223333',
    resources: [`${ProductArn}/f-1`],
  });
});

it('Security Hub tells of updates by the API as of imports', async () => {
  await hub.send(new BatchImportFindingsCommand({ Findings: [finding('f-1')] }));
  await hub.send(
    new BatchUpdateFindingsCommand({
      FindingIdentifiers: [
        { Id: 'f-1', ProductArn },
        { Id: 'nowhere', ProductArn },
      ],
      Workflow: { Status: 'NOTIFIED' },
    }),
  );
  await demo.bus.deliver();
  expect(statesHeard()).toEqual(['f-1 NEW', 'f-1 NOTIFIED']);
});

it('an analyst suppresses a finding with a note, and the next import leaves both', async () => {
  await hub.send(new BatchImportFindingsCommand({ Findings: [finding('f-1')] }));
  change.analyst.suppress('f-1', 'Accepted until the registry moves');
  await demo.bus.deliver();
  expect(heard.at(-1)?.detail).toMatchObject({
    findings: [
      {
        Workflow: { Status: 'SUPPRESSED' },
        Note: { Text: 'Accepted until the registry moves', UpdatedBy: 'mira' },
      },
    ],
  });
  await hub.send(new BatchImportFindingsCommand({ Findings: [{ ...finding('f-1'), Title: 'Newer' }] }));
  const { Findings } = await hub.send(new GetFindingsCommand({}));
  expect(Findings?.[0]).toMatchObject({
    Title: 'Newer',
    Workflow: { Status: 'SUPPRESSED' },
    Note: { UpdatedBy: 'mira' },
  });
});

it('an analyst takes a decision back', async () => {
  await hub.send(new BatchImportFindingsCommand({ Findings: [finding('f-1')] }));
  change.analyst.suppress('f-1', 'Accepted');
  change.analyst.reopen('f-1', 'Not accepted after all');
  change.analyst.notify('f-1', 'The team knows');
  await demo.bus.deliver();
  expect(statesHeard()).toEqual(['f-1 NEW', 'f-1 SUPPRESSED', 'f-1 NEW', 'f-1 NOTIFIED']);
});

it('an analyst cannot decide about a finding that is not there', () => {
  expect(() => change.analyst.suppress('nowhere', 'x')).toThrow('no finding nowhere');
});

it('what the analyst does is not among the calls of the tool', async () => {
  await hub.send(new BatchImportFindingsCommand({ Findings: [finding('f-1')] }));
  change.analyst.suppress('f-1', 'Accepted');
  expect(demo.recorder.operations()).toEqual(['securityhub:BatchImportFindings']);
});
