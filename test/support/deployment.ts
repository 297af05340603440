import { type Changes, changesIn } from '#demo/change.ts';
import type { Deployment as DemoDeployment } from '#demo/deployment.ts';
import { seedWorld } from '#demo/seed/seed-world.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { DEMO_REGIONS, deployHullcheck } from '#functions/cli/demo-deployment.ts';
import { openLedger } from '#shared/composition-root.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import type { ReportOutcome } from '#shared/use-cases/report.ts';

/** The functions as a deployment has them, in the demo account. */
export interface Deployment {
  readonly demo: DemoAccount;
  readonly deployed: DemoDeployment;
  readonly change: Changes;
  readonly ledger: Ledger;
  /** Moves the clock of the process and of the account. */
  advance(seconds: number): void;
  /** A whole scheduled run, from the plan to its end. */
  run(): Promise<void>;
  plan(): Promise<unknown>;
  drainUnits(): Promise<void>;
  drainFinish(): Promise<void>;
  /** Delivers what has happened and lets it be rechecked. */
  recheck(): Promise<void>;
  /** Delivers what has happened, and lets what was chosen in Security Hub be fixed. */
  respond(): Promise<void>;
  report(kind?: 'daily' | 'weekly' | 'monthly'): Promise<ReportOutcome>;
  watch(): Promise<{ problems: readonly string[] }>;
  /** Writes another hullcheck.yaml, and waits until the functions look at it. */
  configure(config: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

export interface DeploymentOptions {
  /** Moves the process's own clock; a test gives `vi.setSystemTime`. */
  readonly setTime: (now: Date) => void;
  readonly start?: Date;
  /** More of hullcheck.yaml, by its own keys. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly recheckBatchSize?: number;
  /** How often the clients of ledger and configuration try. */
  readonly maxAttempts?: number;
}

/** So long the functions believe a configuration they have read. */
const CONFIG_FRESH_SECONDS = 300;

/**
 * Deploys the real handlers into a demo account of its own, under a clock that only the test moves. Only the tool's
 * topic is configured, so that a message is one message.
 */
export async function deploy({
  setTime,
  config,
  recheckBatchSize,
  maxAttempts,
  ...options
}: DeploymentOptions): Promise<Deployment> {
  let now = options.start ?? new Date('2026-11-23T12:00:00.000Z');
  setTime(now);
  const demo = await startDemoAccount({ world: seedWorld(now), now: () => now });
  const before = { ...process.env };
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  if (maxAttempts !== undefined) process.env.AWS_MAX_ATTEMPTS = String(maxAttempts);
  const deployed = await deployHullcheck(demo, {
    topicForms: ['machine'],
    ...(config === undefined ? {} : { config }),
    ...(recheckBatchSize === undefined ? {} : { recheckBatchSize }),
  });
  const drain = async (name: keyof DemoDeployment['pumps']) => {
    for (
      let batch = await deployed.pumps[name].once();
      batch !== undefined;
      batch = await deployed.pumps[name].once()
    ) {
      const { error, returned } = batch;
      if (error !== undefined || returned.length > 0)
        throw error ?? new Error(`${returned.length} messages of ${name} came back`);
      // Another look at the same instant would be no newer.
      if (name === 'unit') deployment.advance(1);
    }
  };
  const deployment: Deployment = {
    demo,
    deployed,
    change: changesIn(demo, DEMO_REGIONS[0]),
    ledger: await openLedger(`dynamodb:${process.env.HULLCHECK_TABLE}`),
    advance(seconds) {
      now = new Date(now.getTime() + seconds * 1000);
      setTime(now);
    },
    async run() {
      await deployment.plan();
      await deployment.drainUnits();
      await deployment.drainFinish();
    },
    plan: () => deployed.plan(),
    drainUnits: () => drain('unit'),
    drainFinish: () => drain('finish'),
    async recheck() {
      await demo.bus.deliver();
      await drain('recheck');
    },
    async respond() {
      await demo.bus.deliver();
      await drain('respond');
    },
    report: (kind) => deployed.report(kind) as Promise<ReportOutcome>,
    watch: () => deployed.watch() as Promise<{ problems: readonly string[] }>,
    async configure(changed) {
      await deployed.configure({ ...config, ...changed });
      deployment.advance(CONFIG_FRESH_SECONDS);
    },
    async close() {
      process.env = before;
      await demo.close();
    },
  };
  return deployment;
}
