import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { camelCase } from './generate/tree.ts';
import { Refusal, runScript } from './scaffold/refusal.ts';
import { writeNewFiles } from './scaffold/write-files.ts';

const USAGE = 'Usage: npm run create-collector -- <service> [--resource-type AwsAppRunnerService]';

/** What the templates of one service have in common. */
interface Names {
  readonly service: string;
  /** As IAM writes it, as far as one can guess: without hyphens. */
  readonly iamPrefix: string;
  readonly collector: string;
  readonly type: string;
  readonly model: string;
  readonly factory: string;
}

runScript(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { root: { type: 'string', default: '.' }, 'resource-type': { type: 'string' } },
  });
  const [service, ...rest] = positionals;
  if (service === undefined || rest.length > 0) throw new Refusal(USAGE);
  const root = resolve(values.root);
  const names = namesOf(service, values['resource-type']);
  if (existsSync(join(root, 'shared/collectors', service))) {
    throw new Refusal(`shared/collectors/${service} exists already; nothing was written.`);
  }
  const test = `test/unit/collectors/${service}/collect.test.ts`;
  writeNewFiles(root, {
    [`shared/collectors/${service}/model.ts`]: modelTemplate(names),
    [`shared/collectors/${service}/collect.ts`]: collectTemplate(names),
    [`test/factories/${service}.ts`]: factoryTemplate(names),
    [test]: testTemplate(names),
  });
  console.error(
    `Next: write the calls in shared/collectors/${service}/collect.ts until ${test} passes, add ${names.type} to test/support/passing-resources.ts, then run npm run generate.`,
  );
});

function namesOf(service: string, type: string | undefined): Names {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(service)) {
    throw new Refusal(`"${service}" is no service: write it in lower case with hyphens, such as app-runner.`);
  }
  if (type !== undefined && !/^[A-Z][A-Za-z0-9]+$/.test(type)) {
    throw new Refusal(`"${type}" is no resource type: write an ASFF name, such as AwsEcrRepository.`);
  }
  const camel = camelCase(service);
  const pascal = camel.charAt(0).toUpperCase() + camel.slice(1);
  const resourceType = type ?? `Aws${pascal}Resource`;
  const model = resourceType.replace(/^Aws/, '');
  return {
    service,
    iamPrefix: service.replaceAll('-', ''),
    collector: `${camel}Collector`,
    type: resourceType,
    model,
    factory: model.charAt(0).toLowerCase() + model.slice(1),
  };
}

function modelTemplate({ type, model }: Names): string {
  return `
import type { ResourceBase } from '../../domain/resource.ts';

/** Say what it is, and what its uid is made of. Every field that may not have been read is an Observed. */
export interface ${model} extends ResourceBase<'${type}'> {
  /** As AWS says it; values it adds later stay visible. */
  readonly status?: string;
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    ${type}: ${model};
  }
}
`;
}

function collectTemplate({ service, iamPrefix, collector, type, model }: Names): string {
  return `
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import type { ${model} } from './model.ts';

/** Reads ${service}. Say here which operations it calls and where AWS documents them. */
export const ${collector}: Collector = {
  service: '${service}',
  resourceTypes: ['${type}'],
  permissions: ['${iamPrefix}:ListResources'],
  producesFacts: [],
  needsFacts: [],
  collect: collectResources,
};

async function* collectResources(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const names = await context.read('${iamPrefix}:ListResources', listNames);
  // The gap is reported: a listing that failed is never an empty list.
  if (!names.known) return;
  for (const name of names.value) yield { resource: toResource(context, name) };
}

/** Use a paginator of the SDK with context.readPages here. */
async function listNames(): Promise<readonly string[]> {
  throw new Error('the calls of this collector are not written yet');
}

function toResource(context: CollectorContext, name: string): ${model} {
  const { accountId, region, partition } = context;
  const arn = \`arn:\${partition}:${iamPrefix}:\${region}:\${accountId}:\${name}\`;
  return { type: '${type}', uid: arn, arn, name, accountId, region, partition, inUse: 'unknown' };
}
`;
}

function factoryTemplate({ service, iamPrefix, type, model, factory }: Names): string {
  return `
import type { ${model} } from '#shared/collectors/${service}/model.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

/** One that follows every practice. */
export function ${factory}(overrides: Partial<${model}> = {}): ${model} {
  const uid = \`arn:aws:${iamPrefix}:\${REGION}:\${ACCOUNT}:my-resource\`;
  return { ...resourceBase('${type}', uid, 'my-resource'), ...overrides };
}
`;
}

function testTemplate({ service, iamPrefix, collector }: Names): string {
  return `
import { expect, test } from 'vitest';
import { ${collector} } from '#shared/collectors/${service}/collect.ts';
import { collect } from '#test/support/collect.ts';

test('yields each resource that the service lists', async () => {
  const { resources, gaps } = await collect(${collector});

  expect(
    { resources: resources.length, gaps },
    'write the calls in shared/collectors/${service}/collect.ts and mock them here with rejectUnstubbed(mockClient(...)); then test two pages, and each call denied',
  ).toEqual({ resources: 1, gaps: [] });
});

test('reports a gap instead of an empty list when the listing fails', async () => {
  const { gaps } = await collect(${collector});

  expect(gaps).toMatchObject([{ service: '${service}', operation: '${iamPrefix}:ListResources' }]);
});
`;
}
