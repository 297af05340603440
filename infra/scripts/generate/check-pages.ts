import { type ZodType, z } from 'zod';
import { areaOf, CHECK_AREAS, type Check } from '../../../shared/domain/check.ts';
import type { Framework } from '../../../shared/domain/framework.ts';
import { type Mapping, mappingsByCheck } from '../../../shared/reports/answers.ts';
import { code, page, table } from './markdown.ts';

/** One page for each check, and the catalogue that links them, by path. */
export function generateCheckPages(
  checks: readonly Check[],
  frameworks: readonly Framework[],
): ReadonlyMap<string, string> {
  const mappings = mappingsByCheck(frameworks, checks);
  return new Map([
    ...checks.map((check) => [`docs/checks/${check.id}.md`, checkPage(check, mappings.get(check.id) ?? [])] as const),
    ['docs/checks/README.md', catalogue(checks)],
  ]);
}

function checkPage(check: Check, mappings: readonly Mapping[]): string {
  return page(
    `# ${check.id}`,
    `**${check.title}.**`,
    check.deprecated && deprecation(check.deprecated),
    table(
      ['', ''],
      [
        ['Severity', severity(check)],
        ['Resource', code(check.resourceType)],
        ['Also reads', needs(check)],
        ...(check.aliases?.length ? [['Earlier ids', check.aliases.map(code).join(', ')]] : []),
      ],
    ),
    `## Why\n\n${check.rationale}`,
    `## How it is judged\n\n${judgement(check)}`,
    `## Parameters\n\n${parameters(check.parameters)}`,
    `## Fix\n\n${check.remediation.text}\n\nSource: <${check.remediation.url}>`,
    `## Frameworks\n\n${mappingsTable(mappings)}`,
    overlap(check),
  );
}

function deprecation(deprecated: NonNullable<Check['deprecated']>): string {
  const successor = deprecated.replacedBy;
  return `Deprecated since ${deprecated.since}.${successor ? ` Replaced by [${successor}](${successor}.md).` : ''}`;
}

function severity(check: Check): string {
  const use = check.severityIndependentOfUse
    ? 'whether or not the resource is in use'
    : 'one step lower where the resource is known not to be in use';
  return `**${check.baseSeverity}**, ${use}.${check.severityNote ? ` ${check.severityNote}` : ''}`;
}

function needs(check: Check): string {
  if (!check.needs?.length) return 'nothing besides the resource';
  return check.needs.map((need) => `${code(need.kind)} facts of the whole ${need.scope}`).join(', ');
}

function judgement(check: Check): string {
  const test = `test/unit/checks/${areaOf(check.id)}/${check.id}.test.ts`;
  return [
    check.limits,
    'What could not be read is UNKNOWN, never PASSED, unless the rest already proves the verdict.',
    `The cases it is held to: [${test}](../../${test}).`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

interface JsonProperty {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: JsonProperty;
  readonly default?: unknown;
  readonly description?: string;
}

function parameters(schema: ZodType | undefined): string {
  if (schema === undefined) return 'None.';
  const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries((properties ?? {}) as Record<string, JsonProperty>).map(([name, property]) => [
    code(name),
    typeName(property),
    property.default === undefined ? 'none' : code(JSON.stringify(property.default)),
    property.description ?? '',
  ]);
  return table(['name', 'type', 'default', 'meaning'], rows);
}

function typeName(property: JsonProperty): string {
  if (property.enum) return property.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (property.items) return `list of ${typeName(property.items)}`;
  return property.type ?? 'any';
}

function mappingsTable(mappings: readonly Mapping[]): string {
  if (mappings.length === 0) return 'None of the frameworks Hullcheck knows asks for it.';
  const inOrder = [
    ...mappings.filter(({ kind }) => kind === 'same'),
    ...mappings.filter(({ kind }) => kind !== 'same'),
  ];
  return table(
    ['framework', 'requirement', 'in our words', 'mapping'],
    inOrder.map(({ framework, requirement, kind }) => [
      `[${framework.name}](${framework.sourceUrl})`,
      requirement.id,
      requirement.title,
      kind === 'same' ? 'judges the same' : 'related: may give another verdict',
    ]),
  );
}

function overlap(check: Check): string | undefined {
  if (!check.overlapsWith?.length) return undefined;
  const controls = check.overlapsWith.map((id) => `**${id}**`).join(', ');
  return `## Overlap with AWS\n\nSecurity Hub's own ${controls} judges the same thing. The setting \`onOverlap\` says what becomes of our finding where that control is enabled.`;
}

function catalogue(checks: readonly Check[]): string {
  const areas = CHECK_AREAS.map((area) => ({ area, own: checks.filter((check) => areaOf(check.id) === area) }));
  return page(
    '# The checks',
    `${checks.length} checks. An id names the good state and never changes.`,
    ...areas
      .filter(({ own }) => own.length > 0)
      .map(
        ({ area, own }) =>
          `## ${area}\n\n${table(
            ['check', 'severity', 'resource', 'what should be'],
            own.map((check) => [
              `[${check.id}](${check.id}.md)`,
              check.baseSeverity,
              code(check.resourceType),
              check.title,
            ]),
          )}`,
      ),
  );
}
