import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import type { World } from '#demo/world/world.ts';
import type { CredentialSource } from '#shared/aws/accounts.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import type { ResultHeader } from '#shared/domain/result.ts';
import { jsonResult } from '#shared/sinks/files/json.ts';

/** One scan of a demo account through the real collectors, engine and clients. */
export interface DemoScan {
  readonly inventory: Inventory;
  readonly header: ResultHeader;
  readonly findings: readonly Finding[];
  /** The JSON result as a file would hold it. */
  readonly json: string;
  /** How often each operation was sent, retries included. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface DemoScanOptions {
  readonly regions?: readonly string[];
  readonly sources?: readonly CredentialSource[];
  readonly services?: readonly string[];
  readonly checkIds?: readonly string[];
  /** Text of a hullcheck.yaml. */
  readonly config?: string;
  readonly now?: () => Date;
}

/** Serves a demo account and points the SDK of this process at it until it is closed. */
export async function useDemoAccount(world?: World, now?: () => Date): Promise<DemoAccount> {
  const demo = await startDemoAccount({
    ...(world === undefined ? {} : { world }),
    ...(now === undefined ? {} : { now }),
  });
  const before = { ...process.env };
  Object.assign(process.env, demo.env, { AWS_EC2_METADATA_DISABLED: 'true' });
  return {
    ...demo,
    async close() {
      process.env = before;
      await demo.close();
    },
  };
}

/** The clock of these tests: stands still, so that results are comparable byte for byte. */
export const SCAN_TIME = new Date('2026-11-23T12:00:00.000Z');

/** Scans the demo account that `useDemoAccount` serves. */
export async function scanDemo(options: DemoScanOptions = {}): Promise<DemoScan> {
  const calls = new Map<string, number>();
  const config = ['version: 1', 'aws: {maxAttempts: 2}', options.config ?? ''].join('\n');
  const app = composeApp({
    ...loadConfig(config, 'test', allChecks()),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: options.now ?? (() => SCAN_TIME),
    unlimitedRate: true,
    onCall: ({ action }) => calls.set(action, (calls.get(action) ?? 0) + 1),
    ...(options.services === undefined ? {} : { services: options.services }),
    ...(options.checkIds === undefined ? {} : { checkIds: options.checkIds }),
  });
  try {
    const inventory = await app.collect(options.sources ?? [{}], options.regions ?? ['us-east-1', 'eu-west-1']);
    const result = app.evaluate(inventory);
    return {
      inventory,
      header: result.header,
      findings: [...result.findings()],
      json: [...jsonResult(result.header, result.findings())].join(''),
      calls,
    };
  } finally {
    app.close();
  }
}
