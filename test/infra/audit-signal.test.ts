import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { AUDIT_DETAIL_TYPE, AUDIT_SOURCE, kubernetesTriggers } from '#shared/collectors/kubernetes/triggers.ts';
import { touchedBy } from '#shared/domain/trigger.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { ROOT } from '#test/support/all-checks.ts';

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

const template = parse(readFileSync(join(ROOT, 'infra/kubernetes/audit-signal.yml'), 'utf8'), {
  customTags: ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({ tag, resolve: (value: string) => value })),
});
const { Signal, SignalRole, Subscription } = template.Resources;

/** The function as Lambda would load it. */
function load(): { namesOf(data: string, cluster: string): readonly Entry[] } {
  const code: string = Signal.Properties.Code.ZipFile;
  const exports = {};
  new Function('require', 'exports', code)(createRequire(import.meta.url), exports);
  return exports as ReturnType<typeof load>;
}

function namesOf(...lines: readonly unknown[]): readonly Entry[] {
  const logEvents = lines.map((line) => ({ message: typeof line === 'string' ? line : JSON.stringify(line) }));
  return load().namesOf(gzipSync(JSON.stringify({ logEvents })).toString('base64'), 'harbour');
}

const line = (objectRef: object) => ({ verb: 'patch', objectRef, requestObject: { spec: { password: 'hunter2' } } });
const deployment = { resource: 'deployments', namespace: 'shop', name: 'api' };

test('a line of the audit log gives names and nothing else, each once', () => {
  expect(namesOf(line(deployment), line(deployment), '{"cut": "sho')).toEqual([
    {
      Source: AUDIT_SOURCE,
      DetailType: AUDIT_DETAIL_TYPE,
      Detail: JSON.stringify({ cluster: 'harbour', ...deployment }),
    },
  ]);
});

test.for([
  [deployment, { type: 'KubernetesWorkload', name: 'shop/Deployment/api', cluster: 'harbour' }],
  [
    { resource: 'networkpolicies', namespace: 'shop', name: 'deny' },
    { type: 'KubernetesNetworkPolicy', name: 'shop/NetworkPolicy/deny', cluster: 'harbour' },
  ],
  [{ resource: 'clusterrolebindings', name: 'admins' }, undefined],
] as const)('what it names is looked at again: %j', ([objectRef, resource]) => {
  const [entry] = namesOf(line(objectRef));
  const event = {
    id: '1',
    source: entry?.Source ?? '',
    detailType: entry?.DetailType ?? '',
    accountId: '111122223333',
    region: 'us-east-1',
    time: '2026-11-23T10:00:00Z',
    resources: [],
    detail: JSON.parse(entry?.Detail ?? '{}'),
  };

  expect(touchedBy(kubernetesTriggers, event, new FactStore([], new Map()))).toEqual([
    {
      service: 'kubernetes',
      accountId: '111122223333',
      region: 'us-east-1',
      ...(resource === undefined ? {} : { resource }),
    },
  ]);
});

test('the function may send under its own name only, and reads nothing', () => {
  const statements = SignalRole.Properties.Policies[0].PolicyDocument.Statement;

  expect(statements.flatMap(({ Action }: { Action: string | string[] }) => Action).sort()).toEqual([
    'events:PutEvents',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
  expect(statements[1].Condition).toEqual({ StringEquals: { 'events:source': AUDIT_SOURCE } });
  expect(Signal.Properties.Code.ZipFile.length).toBeLessThan(4096);
});

test('the filter lets changes through, and neither reads nor updates of a status', () => {
  const filter: string = Subscription.Properties.FilterPattern;

  expect(filter.length).toBeLessThanOrEqual(1024);
  expect(filter).toContain('$.objectRef.subresource NOT EXISTS');
  expect(filter).not.toMatch(/"(?:get|list|watch)"/);
});
