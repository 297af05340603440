import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { areaOf, CHECK_AREAS } from '../../shared/domain/check.ts';
import { camelCase, type Entry, findChecks } from './generate/tree.ts';
import { Refusal, runScript } from './scaffold/refusal.ts';
import { writeNewFiles } from './scaffold/write-files.ts';

const USAGE = 'Usage: npm run create-check -- <area>-<resource>-<expected-state> [--resource-type AwsEcrRepository]';
const PASSING_RESOURCES = 'test/support/passing-resources.ts';

runScript(() => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { root: { type: 'string', default: '.' }, 'resource-type': { type: 'string' } },
  });
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) throw new Refusal(USAGE);
  const root = resolve(values.root);
  const area = areaOfNewId(id);
  const type = values['resource-type'] ?? typeOfNearest(root, id, area);
  requirePassingResource(root, type);
  const source = `shared/checks/${area}/${id}.ts`;
  const test = `test/unit/checks/${area}/${id}.test.ts`;
  writeNewFiles(root, {
    [source]: checkTemplate(id, area, type),
    [test]: testTemplate(id, area, type),
  });
  console.error(`Next: write the rule in ${source} until ${test} passes, then run npm run generate.`);
});

function areaOfNewId(id: string): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+){2,}$/.test(id)) {
    throw new Refusal(`"${id}" is no check id: write <area>-<resource>-<expected-state> in lower case with hyphens.`);
  }
  const area = areaOf(id);
  if (area === undefined) throw new Refusal(`"${id}" must begin with an area: ${CHECK_AREAS.join(', ')}.`);
  return area;
}

/** The resource type of the existing check of the area whose id is most like the new one. */
function typeOfNearest(root: string, id: string, area: string): string {
  const siblings = findChecks(root).filter((entry) => entry.id.startsWith(`${area}-`));
  const nearest = siblings.sort((left, right) => sharedWords(right.id, id) - sharedWords(left.id, id))[0];
  const type = nearest && resourceTypeIn(root, nearest);
  if (type === undefined)
    throw new Refusal(`No check of the area ${area} shows a resource type: give --resource-type.`);
  return type;
}

function sharedWords(left: string, right: string): number {
  const words = right.split('-');
  const different = left.split('-').findIndex((word, index) => word !== words[index]);
  return different === -1 ? words.length : different;
}

function resourceTypeIn(root: string, check: Entry): string | undefined {
  const source = readFileSync(join(root, 'shared/checks', check.specifier), 'utf8');
  return /resourceType: '(\w+)'/.exec(source)?.[1];
}

function requirePassingResource(root: string, type: string): void {
  const known = readFileSync(join(root, PASSING_RESOURCES), 'utf8');
  if (!known.includes(`\n  ${type}: `)) {
    throw new Refusal(`There is no passing ${type} yet: add one to ${PASSING_RESOURCES} first.`);
  }
}

function checkTemplate(id: string, area: string, type: string): string {
  return `
import { defineCheck } from '../../domain/check.ts';
import { unknownBecause } from '../../domain/verdict.ts';

/** Say in one sentence what can go wrong where this is not so, and link the documentation the rule comes from. */
export const ${camelCase(id)} = defineCheck({
  id: '${id}',
  title: 'Resources of the area ${area} should be as the id says',
  resourceType: '${type}',
  baseSeverity: 'MEDIUM',
  rationale: 'Name the risk in 30 to 400 characters: what an attacker or a mistake can do where this is not so.',
  remediation: {
    text: 'Say in the imperative how to mend it.',
    url: 'https://docs.aws.amazon.com/',
  },
  frameworks: {},
  evaluate: () => unknownBecause({ kind: 'undecidable', message: 'the rule of this check is not written yet' }),
});
`;
}

function testTemplate(id: string, area: string, type: string): string {
  return `
import { expect, test } from 'vitest';
import { ${camelCase(id)} as check } from '#shared/checks/${area}/${id}.ts';
import { judge } from '#test/support/judge.ts';
import { passingResources } from '#test/support/passing-resources.ts';

test('PASSED when the resource follows the practice', () => {
  const finding = judge(check, passingResources.${type}());

  expect(
    finding.status,
    'write title, rationale, remediation and evaluate in shared/checks/${area}/${id}.ts, then one test each for FAILED (reason and evidence), UNKNOWN and NOT_APPLICABLE here',
  ).toBe('PASSED');
});
`;
}
