import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageContents } from '#demo/world/image-contents.ts';
import type { RegionState } from '#demo/world/world.ts';
import { reportOnScan } from '#shared/compose-report.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { WaiverSet } from '#shared/domain/waiver.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { filesOf } from '#test/support/report.ts';
import { SCAN_TIME, useDemoAccount } from '#test/support/scan-demo.ts';
import { chromium, inBrowser, SKIPPED } from './browser.ts';

/** Realistic fakes, put together here so that nothing that looks like a key stands in the repository. */
const SECRETS: Readonly<Record<string, string>> = {
  'environment of a task': ['AKIA', 'QZX7MWPLR4TY', 'V2KD'].join(''),
  'command of a task': ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dcQm2K'].join('_'),
  'label of a container': ['xoxb', '731904825566', '918273645546', 'pLmOkNijBuHvYgcTfXrDzEsW'].join('-'),
  'environment of an image': ['ghp', 'Zk4mQ9xT2vLp7RwYc1NdBs8JfHgU3eXaVo5i'].join('_'),
  'label of an image': ['glpat', 'x8Kq2ZtLmN4pQrSv7WbY'].join('-'),
  'build argument': ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYzq81TwLkVm4n9Q'].join('/'),
  'environment of a pod': ['postgres://app', ':', 'Tr0ub4dor-9xQ', '@db.internal:5432/orders'].join(''),
  'annotation of a pod': ['hvs', 'CAESIJ8x2Kq9ZtLmN4pQrSvWbYdF1gHj'].join('.'),
  'Kubernetes Secret': 'c3VwZXItczNjcjN0LWt1YmVybmV0ZXMtdmFsdWU=',
  'tag of a repository': ['npm', 'b7Xc9QwErTyUiOpAsDfGhJkLzXcVbNm1234567'].join('_'),
};

const HOSTILE = [
  '=HYPERLINK("http://x")',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</style></title></textarea><svg onload=alert(1)>',
  'javascript:alert(1)',
  '\u202etxt.exe\u2066\u200b',
  '\u001b[31mred\u001b[0m',
  'a\nb\u2028c',
  'x'.repeat(10_000),
].join(' ');
const FORMULA = '@SUM(1+1)*cmd|';

let files: Map<string, string>;
let close: () => Promise<void>;

beforeAll(async () => {
  const demo = await useDemoAccount();
  close = () => demo.close();
  const region = demo.world.accounts[0]?.regions.find(({ name }) => name === 'us-east-1');
  if (region === undefined) throw new Error('the demo has no us-east-1');
  plant(region);
  const accountId = demo.world.accounts[0]?.id ?? ACCOUNT;
  const loaded = loadConfig(
    JSON.stringify({ version: 1, aws: { maxAttempts: 2 }, accountNames: { [accountId]: FORMULA } }),
    'test',
    allChecks(),
  );
  const app = composeApp({
    ...loaded,
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: () => SCAN_TIME,
    unlimitedRate: true,
    waivers: WAIVERS,
  });
  try {
    const inventory = await app.collect([{}], ['us-east-1']);
    const report = await reportOnScan(inventory, app.evaluate(inventory), app.registry, {
      ...loaded,
      toolVersion: '0.0.0-test',
      now: () => SCAN_TIME,
      waivers: WAIVERS,
      title: `Report ${HOSTILE}`,
    });
    files = await filesOf(report);
  } finally {
    app.close();
  }
});

afterAll(async () => {
  await close?.();
});

const WAIVERS: WaiverSet = {
  waivers: [
    {
      id: FORMULA,
      checks: ['ecs-task-no-plaintext-secrets'],
      scope: {},
      reason: HOSTILE,
      owner: HOSTILE,
      approvedBy: HOSTILE,
      createdAt: '2026-11-01T00:00:00.000Z',
      expiresAt: '2027-01-31T00:00:00.000Z',
      line: 1,
    },
  ],
  ignored: [{ id: '<script>alert(2)</script>', problems: [HOSTILE] }],
};

/** Puts a secret or a hostile text wherever somebody other than the reader of the report can write one. */
function plant(region: RegionState): void {
  const secret = (where: string) => SECRETS[where] ?? '';
  for (const { taskDefinition } of region.ecs.taskDefinitions) {
    const [container] = taskDefinition.containerDefinitions ?? [];
    if (container === undefined) continue;
    container.name = HOSTILE;
    container.environment = [{ name: 'AWS_ACCESS_KEY_ID', value: secret('environment of a task') }];
    container.command = ['serve', '--stripe', secret('command of a task')];
    container.dockerLabels = { 'com.example.slack': secret('label of a container'), [HOSTILE]: HOSTILE };
  }
  for (const repository of region.ecr.repositories) {
    repository.tags = [
      { Key: 'publish-token', Value: secret('tag of a repository') },
      { Key: HOSTILE, Value: HOSTILE },
    ];
    for (const digest of repository.contents?.keys() ?? []) {
      const contents = imageContents({
        architecture: 'amd64',
        os: 'linux',
        config: {
          Env: [`GITHUB_TOKEN=${secret('environment of an image')}`],
          Labels: { 'org.example.token': secret('label of an image'), [HOSTILE]: HOSTILE },
          User: HOSTILE,
        },
        history: [
          { created_by: `RUN |1 AWS_SECRET_ACCESS_KEY=${secret('build argument')} /bin/sh -c make # buildkit` },
        ],
      });
      repository.contents = new Map([...(repository.contents ?? []), [digest, contents]]);
    }
  }
  for (const { cluster, kubernetes } of region.eks.clusters) {
    cluster.tags = { ...cluster.tags, [HOSTILE]: HOSTILE };
    const objects = kubernetes?.objects ?? [];
    objects.push({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'planted', namespace: 'default' },
      data: { password: secret('Kubernetes Secret') },
    });
    objects.push({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: HOSTILE,
        namespace: 'default',
        uid: 'planted',
        labels: { [HOSTILE]: HOSTILE },
        annotations: { 'example.com/vault': secret('annotation of a pod'), [HOSTILE]: HOSTILE },
      },
      spec: {
        containers: [
          {
            name: HOSTILE,
            image: `docker.io/library/${HOSTILE}`,
            env: [{ name: 'DATABASE_URL', value: secret('environment of a pod') }],
            securityContext: { privileged: true },
          },
        ],
      },
      status: { phase: 'Running' },
    });
  }
}

describe('a report on an account in which secrets and hostile texts were planted', () => {
  test('is whole, and says what was found', () => {
    expect([...files.keys()]).toHaveLength(6);
    for (const checkId of [
      'ecs-task-no-plaintext-secrets',
      'workload-no-plaintext-secrets',
      'workload-not-privileged',
    ]) {
      expect(files.get('findings.csv')).toMatch(new RegExp(`FAILED,\\w+,[^\\r\\n]*${checkId}`));
    }
    expect(files.get('report.html')).toContain('&lt;script&gt;alert(1)');
  });

  test.for(Object.entries(SECRETS))('T15: shows the secret in the %s in no format', ([, secret]) => {
    const parts = [secret, ...secret.split(/[/.:@_-]/).filter((part) => part.length >= 16)];
    for (const [name, text] of files) {
      for (const part of parts) expect(text.includes(part), name).toBe(false);
    }
  });

  test('has no mark in any format that reorders, hides or colours text, or ends a line for some readers only', () => {
    for (const [name, text] of files) {
      expect(text, name).not.toMatch(/[^\P{Cc}\n\r]|[\p{Cf}\u2028\u2029]/u);
    }
  });

  test.skipIf(chromium === undefined)(
    `is a page without an element that came from data, and fits a telephone${SKIPPED}`,
    async () => {
      const seen = await inBrowser(files.get('report.html') ?? '', { width: 390 }, [LOOK]);

      expect(seen).toEqual({ scripts: 1, tags: [], handlers: [], links: [], styles: 1, width: 390, tooWide: [] });
    },
  );
});

/** What the parser of a browser made of the page; everything that is not expected of ours is named. */
const LOOK = `(function(){
  var ours='html head meta title style body a svg defs pattern rect line polyline circle text header main footer nav h1 h2 h3 p div span b br strong code ul ol li dl dt dd section table caption thead tbody tr th td details summary time wbr script form label input select option output button'.split(' ');
  var all=[].slice.call(document.querySelectorAll('*:not([data-probe])'));
  var unlike=function(list){return list.filter(function(x,i){return list.indexOf(x)===i})};
  return {
    scripts:document.querySelectorAll('script:not([data-probe])').length,
    styles:document.querySelectorAll('style').length,
    tags:unlike(all.map(function(e){return e.localName}).filter(function(n){return ours.indexOf(n)<0})),
    handlers:unlike([].concat.apply([],all.map(function(e){return [].map.call(e.attributes,function(a){return a.name}).filter(function(n){return /^on/.test(n)})}))),
    links:unlike(all.filter(function(e){return e.hasAttribute('href')||e.hasAttribute('src')}).map(function(e){return e.getAttribute('href')||e.getAttribute('src')}).filter(function(h){return !/^(#|https:\\/\\/(docs\\.aws\\.amazon\\.com|kubernetes\\.io|[a-z.]+\\/))/.test(h)})),
    width:innerWidth,
    tooWide:document.documentElement.scrollWidth>innerWidth?unlike(all.filter(function(e){return e.getBoundingClientRect().right>innerWidth+1&&!e.closest('.scroll')}).map(function(e){return e.localName+'.'+e.className})).slice(0,5):[]
  };
})()`;
