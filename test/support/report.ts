import { callsOfType } from '#shared/collectors/calls-by-type.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { allChecks as registryOfAll, serviceOfCheck } from '#shared/composition-root.ts';
import type { CoverageEntry } from '#shared/domain/coverage.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { frameworks } from '#shared/frameworks/index.generated.ts';
import { type BuiltReport, buildReport, type ReportInput } from '#shared/reports/build.ts';
import { rowsOfInventory } from '#shared/reports/from-inventory.ts';
import type { ReportPlace } from '#shared/reports/manifest.ts';
import { keepRows, type PreviousReport, type PreviousRow, readChained } from '#shared/reports/previous.ts';
import { writeReport } from '#shared/reports/write.ts';
import { finding, taskDefinitionReference } from '#test/factories/finding.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';

const registry = registryOfAll();
const SERVICES = collectors.map(({ service }) => service);

/** The run that reports of these tests are about. */
export const RUN_AT = '2026-11-23T12:00:00.000Z';

/** Every service of one account and region, read completely. */
export function everythingRead(accountId = ACCOUNT): CoverageEntry[] {
  return SERVICES.map((service) => ({ accountId, region: REGION, service, status: 'scanned', gaps: [] }));
}

/** A report on findings that a run has just made. */
export function reportOf(
  findings: readonly Finding[],
  {
    previous,
    coverage = everythingRead(),
    ...overrides
  }: Partial<ReportInput> & { previous?: PreviousReport<PreviousRow> } = {},
): Promise<BuiltReport> {
  const serviceOf = (checkId: string) => serviceOfCheck(registry, checkId);
  const startedAt = overrides.startedAt ?? RUN_AT;
  const seen = previous === undefined ? {} : { previous };
  return buildReport({
    source: 'inventory',
    rows: rowsOfInventory({ startedAt, findings, coverage, serviceOf, wasRun: () => true, ...seen }),
    title: 'Container security report',
    runId: startedAt,
    startedAt,
    finishedAt: startedAt,
    createdAt: '2026-11-23T12:05:00.000Z',
    tool: { name: 'hullcheck', version: '0.0.0-test', ruleSetHash: 'sha256:test' },
    complete: coverage.every(({ status }) => status === 'scanned'),
    coverage,
    frameworks,
    checks: registry.checks,
    wasRun: () => true,
    serviceOf,
    apiCallsOf: (checkId) => callsOfType(registry.find(checkId)?.resourceType ?? 'AwsEcsTaskDefinition'),
    accountNameOf: () => undefined,
    unitsOf: () => [],
    waiversOf: () => undefined,
    ...seen,
    ...overrides,
  });
}

/** The files of a report by name, as they are written. */
export async function filesOf(
  report: BuiltReport,
  previous?: Parameters<typeof writeReport>[2],
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  await writeReport(
    report,
    async (name, chunks) => {
      let text = '';
      for await (const chunk of chunks) text += chunk;
      files.set(name, text);
    },
    previous,
  );
  await report.dispose();
  return files;
}

/** Written files as a place. */
export function placeOf(files: ReadonlyMap<string, string>): ReportPlace {
  return {
    list: async () => [...files.keys()],
    async read(name) {
      const text = files.get(name);
      return text === undefined ? undefined : oneChunk(Buffer.from(text));
    },
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Written files as the report before. */
export async function previousOf(files: ReadonlyMap<string, string>): Promise<PreviousReport<PreviousRow>> {
  return (await readChained(placeOf(files), 'before/', keepRows)).report;
}

/** So many findings, of every check and status, on resources of their own. */
export function manyFindings(count: number): Finding[] {
  const statuses = ['FAILED', 'PASSED', 'UNKNOWN', 'NOT_APPLICABLE'] as const;
  return Array.from({ length: count }, (_, index) => {
    const check = registry.checks[index % registry.checks.length];
    const uid = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/app-${index}`;
    const status = statuses[Math.floor(index / registry.checks.length) % statuses.length] ?? 'FAILED';
    return finding({
      checkId: check?.id ?? '',
      status,
      resource: taskDefinitionReference({ uid, name: `app-${index}` }),
      ...(status === 'UNKNOWN' ? { unknown: { kind: 'undecidable', message: 'not decided' } } : {}),
    });
  });
}
