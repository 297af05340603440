import { type Command, Option } from 'commander';
import { z } from 'zod';
import { allChecks } from '#shared/composition-root.ts';
import type { Check, ControlMap } from '#shared/domain/check.ts';
import { EXEMPTIONS } from '#shared/domain/exemption.ts';
import { type CliIo, UsageError } from './io.ts';

/** `hullcheck checks list` and `hullcheck checks explain`. */
export function addChecksCommand(program: Command, io: CliIo): void {
  const checks = program.command('checks').description('the catalogue of checks');
  checks
    .command('list')
    .description('list all checks')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .action(({ format }: { format: string }) => {
      io.stdout.write(format === 'json' ? listAsJson() : listAsTable());
    });
  checks
    .command('explain <id>')
    .description('what a check looks at, why, how to fix it, and what it cannot see')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .action((id: string, { format }: { format: string }) => {
      const check = allChecks().find(id);
      if (check === undefined)
        throw new UsageError(`There is no check "${id}"; \`hullcheck checks list\` names them all.`);
      io.stdout.write(format === 'json' ? `${JSON.stringify(describe(check), null, 2)}\n` : explain(check));
    });
}

function listAsJson(): string {
  return `${JSON.stringify(allChecks().checks.map(describe), null, 2)}\n`;
}

function listAsTable(): string {
  const { checks } = allChecks();
  const width = Math.max(...checks.map((check) => check.id.length));
  const lines = checks.map((check) => `${check.id.padEnd(width)}  ${check.baseSeverity.padEnd(13)}  ${check.title}`);
  return `${lines.join('\n')}\n\n${checks.length} checks. \`hullcheck checks explain ID\` tells more of one.\n`;
}

/** A check as plain data: everything but its function. */
function describe(check: Check): object {
  const { evaluate: _, parameters, ...metadata } = check;
  const exemptions = EXEMPTIONS.filter(({ checkId }) => checkId === check.id);
  return {
    ...metadata,
    ...(parameters === undefined ? {} : { parameters: z.toJSONSchema(parameters, { io: 'input' }) }),
    ...(exemptions.length === 0 ? {} : { exemptions }),
  };
}

function explain(check: Check): string {
  const sections: [string, string | undefined][] = [
    [
      'Severity',
      check.severityNote === undefined ? check.baseSeverity : `${check.baseSeverity}. ${check.severityNote}`,
    ],
    ['Judges', check.resourceType],
    ['Why', check.rationale],
    ['Fix', `${check.remediation.text}\n${check.remediation.url}`],
    ['Parameters', parametersOf(check)],
    ['Frameworks', controls(check.frameworks)],
    ['Related', check.relatedControls === undefined ? undefined : controls(check.relatedControls)],
    ['Same as', check.overlapsWith?.join(', ')],
    ['Needs', check.needs?.map(({ kind, scope }) => `${kind} facts of the whole ${scope}`).join(', ')],
    ['Exempt', exemptionsOf(check)],
    ['Limits', check.limits],
  ];
  const body = sections
    .filter((section): section is [string, string] => section[1] !== undefined && section[1] !== '')
    .map(([name, text]) => `${name.padEnd(12)}${text.replaceAll('\n', `\n${' '.repeat(12)}`)}`);
  return `${check.id}\n${check.title}\n\n${body.join('\n')}\n`;
}

function controls(map: ControlMap): string {
  return Object.entries(map)
    .map(([framework, ids]) => `${framework}: ${ids.join(', ')}`)
    .join('\n');
}

function exemptionsOf(check: Check): string {
  return EXEMPTIONS.filter(({ checkId }) => checkId === check.id)
    .map(({ what, because, version, sources }) => [`${what}: ${because} (as of ${version})`, ...sources].join('\n'))
    .join('\n');
}

function parametersOf(check: Check): string | undefined {
  if (check.parameters === undefined) return undefined;
  const { properties = {} } = z.toJSONSchema(check.parameters, { io: 'input' }) as {
    properties?: Record<string, { description?: string; default?: unknown }>;
  };
  return Object.entries(properties)
    .map(([name, { description, default: value }]) => {
      const fallback = value === undefined ? '' : ` (default ${JSON.stringify(value)})`;
      return `${name}${fallback}${description === undefined ? '' : `: ${description}`}`;
    })
    .join('\n');
}
