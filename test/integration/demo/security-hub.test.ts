import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  DescribeHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, homeRegion, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let hub: SecurityHubClient;
const ProductArn = 'arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default';

beforeAll(async () => {
  demo = await startSeeded();
  hub = new SecurityHubClient(configOf(demo));
});

beforeEach(() => {
  homeRegion(demo).security.findings.clear();
});

afterAll(() => demo.close());

function finding(more: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding {
  return {
    SchemaVersion: '2018-10-08',
    Id: 'finding-1',
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
    ...more,
  };
}

async function importOne(more: Partial<AwsSecurityFinding> = {}) {
  return hub.send(new BatchImportFindingsCommand({ Findings: [finding(more)] }));
}

async function stored(): Promise<AwsSecurityFinding | undefined> {
  return (await hub.send(new GetFindingsCommand({}))).Findings?.[0];
}

describe('the demo Security Hub', () => {
  it('is on, and an account without it says so', async () => {
    expect((await hub.send(new DescribeHubCommand({}))).HubArn).toContain(':hub/default');
    homeRegion(demo, 'eu-west-1').security.hub = undefined;
    const europe = new SecurityHubClient(configOf(demo, 'eu-west-1'));
    const error = await refusal(europe.send(new DescribeHubCommand({})));
    expect([error.name, error.$metadata?.httpStatusCode]).toEqual(['InvalidAccessException', 401]);
  });

  it('stores a finding with the fields that it sets itself', async () => {
    expect(await importOne()).toMatchObject({ SuccessCount: 1, FailedCount: 0 });
    expect(await stored()).toMatchObject({
      Severity: { Label: 'MEDIUM' },
      Workflow: { Status: 'NEW' },
      RecordState: 'ACTIVE',
      Region: 'us-east-1',
    });
  });

  it('updates a finding without touching what analysts wrote', async () => {
    await importOne();
    await hub.send(
      new BatchUpdateFindingsCommand({
        FindingIdentifiers: [{ Id: 'finding-1', ProductArn }],
        Workflow: { Status: 'SUPPRESSED' },
        Note: { Text: 'Accepted until March', UpdatedBy: 'mira' },
        Severity: { Label: 'LOW' },
      }),
    );
    await importOne({ Title: 'A newer title', Workflow: { Status: 'NEW' }, Note: undefined });
    expect(await stored()).toMatchObject({
      Title: 'A newer title',
      Workflow: { Status: 'SUPPRESSED' },
      Note: { Text: 'Accepted until March' },
      Severity: { Label: 'LOW' },
    });
  });

  it('makes a resolved finding new again when it fails again', async () => {
    await importOne({ Compliance: { Status: 'PASSED' } });
    await hub.send(
      new BatchUpdateFindingsCommand({
        FindingIdentifiers: [{ Id: 'finding-1', ProductArn }],
        Workflow: { Status: 'RESOLVED' },
      }),
    );
    await importOne();
    expect((await stored())?.Workflow?.Status).toBe('NEW');
  });

  it('takes the good findings of a batch and names the bad ones', async () => {
    const bad: [Partial<AwsSecurityFinding>, string][] = [
      [{ Title: 'x'.repeat(257) }, 'data.Title'],
      [{ Description: ' ' }, 'data.Description'],
      [{ GeneratorId: undefined }, "required property 'GeneratorId'"],
      [{ Resources: [] }, 'data.Resources'],
      [{ Remediation: { Recommendation: { Text: 'x'.repeat(513) } } }, 'data.Remediation.Recommendation.Text'],
      [{ CreatedAt: 'yesterday' }, 'data.CreatedAt'],
      [{ FindingProviderFields: undefined }, 'FindingProviderFields'],
      [{ Compliance: { Status: 'FAILED', RelatedRequirements: Array(33).fill('R') } }, 'RelatedRequirements'],
      [{ ProductFields: { k: 'x'.repeat(2049) } }, 'data.ProductFields'],
      [{ SourceUrl: 'x'.repeat(250_000) }, 'larger than 240 KB'],
    ];
    const Findings = [finding(), ...bad.map(([more], index) => finding({ Id: `bad-${index}`, ...more }))];
    const answer = await hub.send(new BatchImportFindingsCommand({ Findings }));
    expect([answer.SuccessCount, answer.FailedCount]).toEqual([1, bad.length]);
    for (const [index, [, words]] of bad.entries()) {
      expect(answer.FailedFindings?.[index]).toMatchObject({ Id: `bad-${index}`, ErrorCode: 'InvalidInput' });
      expect(answer.FailedFindings?.[index]?.ErrorMessage).toContain(words);
    }
  });

  it('refuses 101 findings, another account and another product', async () => {
    const many = Array.from({ length: 101 }, (_, index) => finding({ Id: `f-${index}` }));
    const tooMany = await refusal(hub.send(new BatchImportFindingsCommand({ Findings: many })));
    expect(tooMany.name).toBe('InvalidInputException');
    expect((await refusal(importOne({ AwsAccountId: '444455556666' }))).name).toBe('AccessDeniedException');
    const foreign = ProductArn.replace('us-east-1', 'eu-west-1');
    expect((await refusal(importOne({ ProductArn: foreign }))).name).toBe('AccessDeniedException');
  });

  it('filters and pages findings', async () => {
    const Findings = Array.from({ length: 5 }, (_, index) =>
      finding({ Id: `f-${index}`, RecordState: index < 3 ? 'ACTIVE' : 'ARCHIVED' }),
    );
    await hub.send(new BatchImportFindingsCommand({ Findings }));
    const active = await hub.send(
      new GetFindingsCommand({ Filters: { RecordState: [{ Value: 'ACTIVE', Comparison: 'EQUALS' }] } }),
    );
    expect(active.Findings).toHaveLength(3);
    const first = await hub.send(new GetFindingsCommand({ MaxResults: 4 }));
    const second = await hub.send(new GetFindingsCommand({ MaxResults: 4, NextToken: first.NextToken }));
    expect([first.Findings?.length, second.Findings?.length]).toEqual([4, 1]);
  });

  it('says which findings it could not update', async () => {
    const answer = await hub.send(
      new BatchUpdateFindingsCommand({
        FindingIdentifiers: [{ Id: 'nowhere', ProductArn }],
        Workflow: { Status: 'NOTIFIED' },
      }),
    );
    expect(answer.UnprocessedFindings?.[0]?.ErrorCode).toBe('FindingNotFound');
  });
});
