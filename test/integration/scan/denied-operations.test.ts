import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { ACTIONS_WITHOUT_PERMISSION } from '#shared/aws/actions.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { ambiguousWorld } from '#test/support/ambiguous-world.ts';
import { type DemoScan, SCAN_TIME, scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

/** Every operation a scan of the demo account calls; held against the recorder below. */
let demo: DemoAccount;
let baseline: DemoScan;

beforeAll(async () => {
  demo = await useDemoAccount(ambiguousWorld(SCAN_TIME));
  baseline = await scanDemo();
});

afterAll(async () => {
  await demo?.close();
});

const byId = (findings: readonly Finding[]) => new Map(findings.map((finding) => [finding.id, finding]));

describe('deny any single API operation', () => {
  test('no verdict becomes PASSED or FAILED because of it, and the result names what is missing', async () => {
    const before = byId(baseline.findings);
    const operations = [...baseline.calls.keys()].filter((action) => !ACTIONS_WITHOUT_PERMISSION.has(action)).sort();
    const lies: string[] = [];
    for (const operation of operations) {
      demo.faults.clear();
      demo.faults.add(operation, { kind: 'deny', because: 'no-identity-policy' });
      const scan = await scanDemo();
      for (const finding of scan.findings) {
        const earlier = before.get(finding.id);
        // What does not matter where the nodes keep pods away matters again; policies prove the pass by themselves.
        if (finding.checkId === 'network-egress-imds-blocked' && finding.status === 'PASSED') continue;
        if (earlier === undefined) lies.push(`${operation}: new finding ${finding.checkId} ${finding.resource.uid}`);
        else if (finding.status !== earlier.status && finding.status !== 'UNKNOWN') {
          lies.push(`${operation}: ${finding.checkId} ${finding.resource.uid} ${earlier.status} -> ${finding.status}`);
        } else if (finding.status !== earlier.status) {
          const named = finding.unknown?.kind === 'unreadable' ? finding.unknown.missingPermission : finding.reason;
          if (named !== operation) lies.push(`${operation}: ${finding.checkId} ${finding.resource.uid} names ${named}`);
        }
      }
      // ec2:DescribeRegions only helps to refuse misspelt regions; without it the regions are taken as given.
      if (operation === 'ec2:DescribeRegions') continue;
      if (scan.header.complete) lies.push(`${operation}: the result says complete`);
      const missing = scan.header.coverage.flatMap((entry) => entry.gaps.map((gap) => gap.missingPermission));
      if (!missing.includes(operation)) lies.push(`${operation}: no gap names it`);
    }
    demo.faults.clear();

    expect(lies).toEqual([]);
    expect(operations.length).toBeGreaterThan(40);
  }, 240_000);
});

test.for([
  ['a server error', { kind: 'error', status: 500 }],
  ['an HTML page', { kind: 'html' }],
  ['a reset connection', { kind: 'reset' }],
  ['a service control policy', { kind: 'deny', because: 'service-control-policy' }],
] as const)('%s on every listing gives gaps and no verdict', async ([, fault]) => {
  demo.faults.clear();
  for (const listing of [
    'ecr:DescribeRepositories',
    'ecs:ListClusters',
    'ecs:ListTaskDefinitionFamilies',
    'eks:ListClusters',
  ]) {
    demo.faults.add(listing, fault);
  }
  const { findings, header } = await scanDemo();
  demo.faults.clear();
  const listed = ['AwsEcrRepository', 'AwsEcsCluster', 'AwsEcsService', 'AwsEksCluster'];

  expect(findings.filter(({ resource }) => listed.includes(resource.type))).toEqual([]);
  expect(header.complete).toBe(false);
});
