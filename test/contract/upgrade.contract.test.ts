import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { parseWaivers } from '#shared/config/waivers-file.ts';
import type { Check } from '#shared/domain/check.ts';
import { findingId } from '#shared/domain/finding.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { COVERAGE_CHECK_ID } from '#shared/engine/coverage-findings.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { WaiverIndex } from '#shared/engine/waivers.ts';
import { finding, taskDefinitionReference } from '#test/factories/finding.ts';
import { allChecks, ROOT } from '#test/support/all-checks.ts';
import { scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

/** What an upgrade may not change (PE-15): docs/upgrade.md says what to do where it has to. */
const registry = createRegistry(allChecks);

interface WaiverCase {
  readonly what: string;
  readonly at: string;
  readonly check: string;
  readonly uid: string;
  readonly arn?: string;
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly covered: readonly string[];
}

describe('ids of checks', () => {
  const ever = golden<readonly string[]>('check-ids.json');
  const retired = golden<readonly { id: string; since: string }[]>('retired-checks.json');

  test('once given, lead to a check for ever: a renamed one keeps its earlier id as an alias', () => {
    const gone = new Set(retired.map(({ id }) => id));

    expect(ever.filter((id) => registry.find(id) === undefined && !gone.has(id))).toEqual([]);
  });

  test('are all kept in the golden file, which is generated', () => {
    const ids = registry.checks.flatMap(({ id, aliases = [] }) => [id, ...aliases]);

    expect(ids.filter((id) => !ever.includes(id))).toEqual([]);
  });

  test('of checks that are retired name the major version, are told in the changelog and never used again', () => {
    const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');

    for (const { id, since } of retired) {
      expect(since, id).toMatch(/^\d+\.0\.0$/);
      expect(changelog).toContain(`\`${id}\``);
      expect(registry.find(id), id).toBeUndefined();
      expect(ever, id).toContain(id);
    }
  });

  test('of coverage findings is what it was', () => {
    expect(COVERAGE_CHECK_ID).toBe('coverage-scope-readable');
  });
});

describe('ids of findings', () => {
  const cases =
    golden<readonly { checkId: string; resource: Parameters<typeof findingId>[1]; id: string }[]>('finding-ids.json');

  test.for(cases)('$checkId: $id', ({ checkId, resource, id }) => {
    expect(findingId(checkId, resource)).toBe(id);
  });

  test('that would be longer than Security Hub takes keep their head and end in the same hash', () => {
    const uid = `arn:aws:eks:eu-west-1:111122223333:cluster/${'long-name/'.repeat(60)}`;

    const id = findingId('eks-node-imds-restricted', taskDefinitionReference({ uid, region: 'eu-west-1' }));

    expect(id).toHaveLength(512);
    expect(id.split('#').at(-1)).toBe('08fa1f61ea55b27754309cb48fc11128176bbe7ea22e669a9feaa27cec16db46');
  });
});

describe('uids of resources', () => {
  const uids = golden<Readonly<Record<string, string>>>('resource-uids.json');
  let demo: DemoAccount;
  let found: ReadonlySet<string>;

  beforeAll(async () => {
    demo = await useDemoAccount();
    const { inventory } = await scanDemo();
    found = new Set([...inventory.resources].map(({ type, uid }) => `${type} ${uid}`));
  });

  afterAll(async () => {
    await demo?.close();
  });

  test.for(Object.entries(uids))('of %s: %s', ([type, uid]) => {
    expect(found).toContain(`${type} ${uid}`);
  });
});

describe('waivers', () => {
  const text = readFileSync(new URL('golden/waivers.yaml', import.meta.url), 'utf8');

  test.for(golden<readonly WaiverCase[]>('waiver-semantics.json'))('$what', (one) => {
    const { waivers, ignored } = parseWaivers(text, 'waivers.yaml', registry, new Date(one.at));
    const tags = one.tags === undefined ? undecidable('the tags could not be read') : known(one.tags);
    const { region = 'eu-west-1', uid, arn = uid } = one;
    const resource = taskDefinitionReference({ uid, arn, region });

    const covering = new WaiverIndex(waivers, new Date(one.at), () => tags).covering(
      finding({ checkId: one.check, resource }),
    );

    expect(ignored).toEqual([]);
    expect(covering.map(({ id }) => id)).toEqual(one.covered);
  });

  test.for([
    ['the earlier id', 'ecs-task-read-only'],
    ['a glob that the earlier id matches', 'ecs-task-read-*'],
  ] as const)('that name a renamed check by %s still hold', ([, check]) => {
    const [first] = allChecks;
    const renamed = { ...(first as Check), id: 'ecs-task-sealed', aliases: ['ecs-task-read-only'] };
    const before = text.replaceAll('ecs-task-root-filesystem-readonly', check);

    const { waivers } = parseWaivers(before, 'waivers.yaml', createRegistry([renamed]), new Date('2026-11-23'));

    expect(waivers.find(({ id }) => id === 'by-arn')?.checks).toEqual(['ecs-task-sealed']);
  });
});

function golden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`golden/${file}`, import.meta.url), 'utf8')) as T;
}
