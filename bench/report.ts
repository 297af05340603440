/**
 * Writes the reports of a generated ledger, as the function does, and says what that takes: a process of its own, which
 * `measureReports` starts. `node bench/report.ts 200000 100` prints it as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reportOnLedger, reportOnStored } from '#shared/compose-report.ts';
import { allChecks, SERVICES_READ, serviceOfCheck } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import { type Finding, findingId } from '#shared/domain/finding.ts';
import type { Ledger, LedgerRow, LedgerScope, ScopeRecord } from '#shared/domain/ledger.ts';
import type { ReportStore } from '#shared/reports/store.ts';
import { writeReports } from '#shared/use-cases/report.ts';

/** What one call of the function takes. */
export interface ReportMeasures {
  readonly findings: number;
  readonly accounts: number;
  readonly reports: number;
  readonly seconds: number;
  readonly peakMb: number;
  /** Laid aside in the temporary directory, at most. */
  readonly temporaryMb: number;
  readonly writtenMb: number;
}

/** What V8 may take of a function of 1 GB: the rest is for buffers and for Node itself. */
const HEAP_MB = 640;
const REGION = 'eu-west-1';
const [FIRST, SECOND] = ['2026-11-16T07:00:00Z', '2026-11-23T07:00:00Z'];

/** Measures the second of two weekly reports: it is compared with the first. */
export async function measureReports(findings: number, accounts: number): Promise<ReportMeasures> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, import.meta.filename, String(findings), String(accounts)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text) as ReportMeasures;
}

async function run(findings: number, accounts: number): Promise<ReportMeasures> {
  const directory = await mkdtemp(join(tmpdir(), 'hullcheck-bench-report-'));
  process.env.TMPDIR = join(directory, 'tmp');
  await mkdir(process.env.TMPDIR);
  const written = { bytes: 0 };
  const store = directoryStore(join(directory, 'bucket'), written);
  const { config, parameters } = loadConfig(undefined, 'bench', allChecks());
  const options = { config, parameters, toolVersion: 'bench', now: () => new Date() };
  const week = async (time: string) => {
    const ledger = generated(findings, accounts, time);
    return writeReports(
      { kind: 'weekly', time, continued: 0 },
      {
        store,
        compose: {
          fromLedger: ({ remarks, ...before }) =>
            reportOnLedger(ledger, { ...options, ...before, trendRemarks: remarks }),
          fromStored: (head, rows, closed, { remarks, ...before }) =>
            reportOnStored(head, rows, closed, { ...options, ...before, trendRemarks: remarks }),
        },
        tell: async () => {},
        warn: () => {},
        now: options.now,
        millisecondsLeft: () => Number.POSITIVE_INFINITY,
        leases: { acquireLease: async () => true, releaseLease: async () => {} },
        wait: async () => {},
        goOn: async () => {},
      },
    );
  };
  let temporary = 0;
  const watch = setInterval(async () => {
    temporary = Math.max(temporary, await sizeOf(process.env.TMPDIR ?? ''));
  }, 500);
  await week(FIRST);
  written.bytes = 0;
  const began = performance.now();
  const { written: reports } = await week(SECOND);
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  await rm(directory, { recursive: true });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { findings, accounts, reports, seconds, peakMb, temporaryMb: temporary / 1e6, writtenMb: written.bytes / 1e6 };
}

/** A bucket on the disk. */
function directoryStore(directory: string, written: { bytes: number }): ReportStore {
  return {
    async write(key, chunks) {
      await mkdir(dirname(join(directory, key)), { recursive: true });
      await pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(join(directory, key)));
      written.bytes += (await stat(join(directory, key))).size;
    },
    async read(key) {
      return existsSync(join(directory, key)) ? createReadStream(join(directory, key)) : undefined;
    },
    async folders(prefix) {
      return existsSync(join(directory, prefix)) ? readdir(join(directory, prefix)) : [];
    },
  };
}

/** A ledger that makes up its rows: a third fails, and each account is below two organizational units. */
function generated(findings: number, accounts: number, time: string): Ledger {
  const checks = allChecks().checks.flatMap((check) => {
    const service = serviceOfCheck(allChecks(), check.id);
    return service === undefined ? [] : [{ check, service }];
  });
  const idOf = (account: number) => String(100_000_000_000 + account);
  const scopes: ScopeRecord[] = Array.from({ length: accounts }, (_, account) =>
    SERVICES_READ.map((service) => ({ accountId: idOf(account), region: REGION, service, lookedAt: time })),
  ).flat();
  const perAccount = Math.ceil(findings / accounts);
  const run = {
    runId: time,
    startedAt: time,
    finishedAt: time,
    complete: true,
    scopes: scopes.map(({ accountId, region, service }) => `${accountId} ${region} ${service}`),
  };
  async function* rowsOfScope(scope: LedgerScope): AsyncGenerator<LedgerRow> {
    for (let index = 0; index < perAccount; index += 1) {
      const made = checks[index % checks.length];
      if (made?.service === scope.service) yield rowOf(scope, made.check, index, time);
    }
  }
  const made: Partial<Ledger> = {
    lastFinishedRun: async () => run,
    async *scopes() {
      yield* scopes;
    },
    rowsOfScope,
    async *factsOf(accountId) {
      const coverage = scopes
        .filter((scope) => scope.accountId === accountId)
        .map(({ region, service }) => ({ accountId, region, service, status: 'scanned' as const, gaps: [] }));
      const fact = { kind: 'unit-summary' as const, key: 'all', accountId, region: REGION, observedAt: time };
      const facts = [{ ...fact, unknown: 0, resources: 0, coverage }];
      yield { accountId, region: REGION, service: 'summary', observedAt: time, completeKinds: [], facts };
    },
    async readAccount(accountId) {
      const unit = Number(accountId) % 10;
      return {
        accountId,
        baselineRunId: '',
        organizationalUnits: ['r-root', 'ou-root-all00000', `ou-root-part000${unit}`],
      };
    },
  };
  return made as Ledger;
}

type Checked = ReturnType<typeof allChecks>['checks'][number];

function rowOf(
  scope: LedgerScope,
  { id, resourceType, baseSeverity }: Checked,
  index: number,
  time: string,
): LedgerRow {
  const name = `team-${index % 40}/service-${index}`;
  const uid = `arn:aws:ecs:${scope.region}:${scope.accountId}:task-definition/${name}`;
  const { accountId, region } = scope;
  const resource = { uid, type: resourceType, name, accountId, region, partition: 'aws', arn: `${uid}:${index % 90}` };
  const status = (['FAILED', 'PASSED', 'NOT_APPLICABLE'] as const)[index % 3] ?? 'PASSED';
  const finding: Finding = {
    id: findingId(id, resource),
    checkId: id,
    status,
    severity: baseSeverity,
    resource,
    inUse: 'yes',
    usedBy: [`arn:aws:ecs:${region}:${accountId}:service/prod/${name}`],
    usedByCount: 1,
    reason: status === 'FAILED' ? 'the practice is not followed by at least one of the containers' : '',
    evidence: [
      { path: 'containerDefinitions[app].readonlyRootFilesystem', observed: null, expected: true },
      { path: 'containerDefinitions[sidecar].readonlyRootFilesystem', observed: false, expected: true },
    ],
  };
  return {
    scope,
    status,
    finding,
    evidenceHash: 'a'.repeat(64),
    firstSeenAt: FIRST,
    ...(status === 'FAILED' ? { firstFailedAt: FIRST } : {}),
    lastSeenAt: time,
    observedAt: time,
    publish: { state: 'published', transition: 'opened' },
    alert: 'none',
    reopenedCount: 0,
    version: 1,
  };
}

async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

if (import.meta.main) {
  const [, , findings = '200000', accounts = '100'] = process.argv;
  process.stdout.write(`${JSON.stringify(await run(Number(findings), Number(accounts)))}\n`);
}
