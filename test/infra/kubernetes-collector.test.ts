import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ACCOUNT_PERMISSIONS } from '#shared/aws/accounts.ts';
import { eksCollector } from '#shared/collectors/eks/collect.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { ROOT } from '#test/support/all-checks.ts';
import { runCli, SOURCE } from '#test/support/cli.ts';

const ROLE = join(ROOT, 'infra/kubernetes/collector-role.yml');
const CRON_JOB = join(ROOT, 'infra/kubernetes/collector-cronjob.yml');
const CLUSTER_ROLE = join(ROOT, 'infra/kubernetes/cluster-role.generated.yml');

const manifests = parseAllDocuments(readFileSync(CRON_JOB, 'utf8')).map((document) => document.toJS());
const ofKind = (kind: string) => manifests.find((manifest) => manifest.kind === kind);
const { Resources } = parse(readFileSync(ROLE, 'utf8'), {
  customTags: [
    ...['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (value: string) => value })),
    ...['!If', '!Not', '!Equals'].map((tag) => ({ tag, collection: 'seq' as const })),
  ],
});
const [{ PolicyDocument }] = Resources.Role.Properties.Policies;
const statement = (sid: string) => PolicyDocument.Statement.find(({ Sid }: { Sid?: string }) => Sid === sid);

describe('the CronJob that reads a private cluster', () => {
  test('has no fault by our own checks', { timeout: 60_000 }, async () => {
    const run = await runCli(['lint', '--format', 'json', CRON_JOB, CLUSTER_ROLE], {}, { bin: SOURCE });
    const { findings } = JSON.parse(run.stdout) as { findings: readonly Finding[] };

    expect(findings.filter(({ status }) => status === 'FAILED')).toEqual([]);
    expect(findings.filter(({ status }) => status === 'PASSED').length).toBeGreaterThan(30);
    expect(findings.map(({ checkId }) => checkId)).toContain('workload-pss-restricted');
  });

  test('collects the inside of one cluster into the one object that its role may write', () => {
    const [{ args }] = ofKind('CronJob').spec.jobTemplate.spec.template.spec.containers;

    expect(args).toEqual([
      'collect',
      '--service=kubernetes',
      '--cluster=CLUSTER',
      '--output=s3://BUCKET/clusters/CLUSTER.jsonl',
    ]);
    expect(statement('LeaveInventory')).toMatchObject({
      Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
      Resource: 'arn:${AWS::Partition}:s3:::${Bucket}/clusters/${ClusterName}.jsonl',
    });
  });

  test('is the service account that the role, its association and its access entry are for', () => {
    const { name, namespace } = ofKind('ServiceAccount').metadata;
    const [{ Condition }] = Resources.Role.Properties.AssumeRolePolicyDocument.Statement;

    expect(ofKind('CronJob').spec.jobTemplate.spec.template.spec.serviceAccountName).toBe(name);
    expect(Resources.Association.Properties).toMatchObject({ Namespace: namespace, ServiceAccount: name });
    expect(Condition.StringEquals).toMatchObject({
      'aws:RequestTag/kubernetes-namespace': namespace,
      'aws:RequestTag/kubernetes-service-account': name,
    });
    expect(Resources.ReadingEntry.Properties).toMatchObject({ KubernetesGroups: ['hullcheck'], Type: 'STANDARD' });
  });
});

describe('the role of the CronJob', () => {
  test('may do what reading the way into a cluster takes, and no more', () => {
    const needed = [...eksCollector.permissions, ...ACCOUNT_PERMISSIONS].filter(
      (action) => action !== 'sts:AssumeRole',
    );

    expect(statement('ReadClusters').Action).toEqual([...new Set(needed)].sort());
  });

  test('is a template that CloudFormation takes', () => {
    const engine = new RegoEngine();
    const { diagnostics } = engine.validateStandard(new TemplateFile(ROLE), { strict: true });
    engine.free();

    expect(diagnostics.filter(({ severity }) => severity !== 'INFO' && severity !== 'DEBUG')).toEqual([]);
  });
});
