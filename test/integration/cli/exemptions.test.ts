import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

const CHECK = 'workload-no-host-namespaces';

function daemonSet(name: string): string {
  return `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ${name}, namespace: kube-system }
spec:
  template:
    spec:
      hostNetwork: true
      containers: [{ name: agent, image: '602401143452.dkr.ecr.us-east-1.amazonaws.com/amazon-k8s-cni:v1.23.1' }]
`;
}

async function statuses(configuration: string): Promise<Readonly<Record<string, string>>> {
  const cwd = await mkdtemp(join(tmpdir(), 'hullcheck-'));
  await writeFile(join(cwd, 'hullcheck.yaml'), configuration);
  const args = ['lint', '-', '--config', 'hullcheck.yaml', '--check', CHECK, '--format', 'json'];
  const input = [daemonSet('aws-node'), daemonSet('miner')].join('---\n');
  const { stdout } = await runCliHere(args, {}, { cwd, input });
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  return Object.fromEntries(findings.map(({ resource, status, reason }) => [resource.name, `${status} ${reason}`]));
}

const FAILED = 'FAILED a namespace of the node is shared';

test('T72: what AWS manages passes by name and image and says so, and nothing else in its namespace does (PE-14)', async () => {
  expect(await statuses('version: 1\n')).toEqual({ 'aws-node': 'PASSED vendor-managed', miner: FAILED });
});

test('the list can be switched off (PE-14)', async () => {
  expect(await statuses('version: 1\nchecks: { exemptions: false }\n')).toEqual({ 'aws-node': FAILED, miner: FAILED });
});

test('the list is told by the check (PE-14)', async () => {
  const { stdout } = await runCliHere(['checks', 'explain', CHECK]);

  expect(stdout).toMatch(
    /Exempt +kube-system\/DaemonSet\/aws-node: .* \(as of \d{4}-\d\d-\d\d\)\n +https:\/\/docs\.aws/,
  );
});
