import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploy, type FunctionHandlers } from '#demo/deployment.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { ACTIONS_WITHOUT_PERMISSION } from '#shared/aws/actions.ts';
import { ROOT } from '#test/support/all-checks.ts';
import { type Bundles, buildBundles, invokeBundle } from '#test/support/bundles.ts';
import { actionsOf, allowed, packageStages, type Template } from '#test/support/template.ts';

const NAMES = ['plan', 'scan', 'recheck', 'finish', 'report', 'watch', 'doctor', 'respond', 'gate'] as const;
const REGION = 'us-east-1';
/** What a cold start may load: code in the zip's main file, and the zip with its source map. */
const BUDGET = { code: 3_900_000, zip: 2_500_000 };
/** The account in the sample events. */
const SAMPLE_ACCOUNT = '111122223333';
/** Operations that need the permission of another: batches of messages, and the parts of an upload. */
const PERMISSION_OF: Readonly<Record<string, string>> = {
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
  's3:ListObjectsV2': 's3:ListBucket',
};
const ANSWERS: Readonly<Record<(typeof NAMES)[number], unknown>> = {
  plan: { runId: expect.any(String), accounts: 1, skipped: [] },
  scan: { batchItemFailures: [] },
  recheck: { batchItemFailures: [] },
  finish: { batchItemFailures: [] },
  report: { outcome: 'written', folder: 'reports/weekly/2026-11-23/', left: [] },
  watch: { problems: expect.any(Array), deadLetters: 0 },
  respond: { batchItemFailures: [] },
  doctor: { counts: { problem: 0, unknown: 0 }, results: [] },
  // No such revision in the demo account: the gate cannot look, and is fail-closed.
  gate: { hookStatus: 'FAILED' },
};

let bundles: Bundles;
let demo: DemoAccount;
let environment: Readonly<Record<string, string>>;
let template: Template;

beforeAll(async () => {
  bundles = buildBundles();
  const packaged = packageStages();
  for (const [stage, one] of packaged) if (stage !== 'prod') one.remove();
  const prod = packaged.find(([stage]) => stage === 'prod')?.[1];
  if (prod === undefined) throw new Error('prod was not packaged');
  template = prod;
  demo = await startDemoAccount();
  await deploy(demo, {
    region: REGION,
    eventRegions: [],
    rules: [],
    config: ({ human, machine }) => JSON.stringify({ version: 1, publish: { sns: { topics: { human, machine } } } }),
    load: async (given) => {
      environment = given;
      // They run in processes of their own, below.
      return {} as FunctionHandlers;
    },
  });
});

afterAll(async () => {
  await demo?.close();
  template?.remove();
  bundles?.remove();
});

// In this order, as a deployment calls them: each finds what the one before it left.
describe.for(NAMES)('the bundle of %s', (name) => {
  test('answers its sample event, alone in an empty directory, and calls nothing its role does not allow', async () => {
    const accountId = demo.world.accounts[0]?.id ?? '';
    const sample = readFileSync(join(ROOT, 'functions', name, 'event.json'), 'utf8');
    demo.recorder.clear();

    const answer = await invokeBundle(
      bundles.directoryOf(name),
      sample.replaceAll(SAMPLE_ACCOUNT, accountId),
      `arn:aws:lambda:${REGION}:${accountId}:function:hullcheck-prod-${name}`,
      environment,
    );

    expect(answer).toMatchObject(ANSWERS[name] as object);
    expect(demo.recorder.operations()).not.toEqual([]);
    const own = `${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;
    // Doctor takes the roles of those for whom it asks; here, where it is told of none, it asks for itself.
    const roles = name === 'doctor' ? [own, 'ScanRole', 'RecheckRole', 'GateRole'] : [own];
    const granted = new Set(roles.flatMap((role) => allowed(template, role)).flatMap(actionsOf));
    const refused = demo.recorder
      .operations()
      .map((operation) => PERMISSION_OF[operation] ?? operation)
      .filter((action) => !granted.has(action) && !ACTIONS_WITHOUT_PERMISSION.has(action));
    expect(refused).toEqual([]);
  });

  test('has one copy of each package of the SDK', () => {
    const copies = new Map<string, Set<string>>();
    for (const path of bundles.inputsOf(name)) {
      const [, place, packageName] = /^(.*node_modules\/)(@(?:aws-sdk|smithy)\/[^/]+)\//.exec(path) ?? [];
      if (place === undefined || packageName === undefined) continue;
      copies.set(packageName, (copies.get(packageName) ?? new Set()).add(place));
    }

    expect(copies.size).toBeGreaterThan(10);
    expect([...copies].filter(([, places]) => places.size > 1)).toEqual([]);
  });

  test('holds the code and its source map, within the budget', () => {
    const { code, zip } = bundles.bytesOf(name);

    expect(bundles.filesOf(name)).toEqual(['handler.mjs', 'handler.mjs.map']);
    expect(code).toBeLessThan(BUDGET.code);
    expect(zip).toBeLessThan(BUDGET.zip);
  });
});
