import { z } from 'zod';
import type { ScanTarget } from '../domain/inventory.ts';

const accountId = z.string().regex(/^\d{12}$/);
const run = { version: z.literal(1), runId: z.string().min(1).max(128), startedAt: z.iso.datetime() };

/** Tells `scan` to read one account and region. Small: it names what to do, and carries no data. */
export const unitMessageSchema = z.strictObject({
  ...run,
  accountId,
  region: z.string().min(1),
  partition: z.string().min(1),
  /** Collectors whose facts others need come first, in all units of the run. */
  phase: z.number().int().min(0),
  /** Services that an earlier invocation has finished. */
  done: z.array(z.string()).optional(),
  /** Set for a second look at whole services, outside of any run. */
  services: z.array(z.string()).min(1).optional(),
});
export type UnitMessage = z.infer<typeof unitMessageSchema>;

/** Tells `scan` to begin a phase in all regions of one account: it finds them out, and sends a message for each. */
export const accountMessageSchema = z.strictObject({
  ...run,
  accountId,
  partition: z.string().min(1),
  phase: z.number().int().min(0),
});
export type AccountMessage = z.infer<typeof accountMessageSchema>;

/** What comes out of the queue of the units. */
export const scanMessageSchema = z.union([unitMessageSchema, accountMessageSchema]);

/** Tells `finish` that a run is over, or to look whether it should be. */
export const finishMessageSchema = z.strictObject({
  ...run,
  reason: z.enum(['complete', 'deadline']),
  /** How often it was looked already. */
  round: z.number().int().min(0).optional(),
});
export type FinishMessage = z.infer<typeof finishMessageSchema>;

/** Stands in the name of a unit for all regions of its account. */
export const ALL_REGIONS = '*';

/** A unit of a run, as the ledger counts it. */
export interface RunUnit {
  readonly accountId: string;
  /** Or {@link ALL_REGIONS}. */
  readonly region: string;
  readonly partition: string;
  readonly phase: number;
}

export function unitName({ accountId, region, partition, phase }: RunUnit): string {
  return [accountId, region, partition, phase].join(' ');
}

/** @throws Error for a name that {@link unitName} did not make */
export function parseUnitName(name: string): RunUnit {
  const [account, region, partition, phase] = name.split(' ');
  if (account === undefined || region === undefined || partition === undefined || phase === undefined) {
    throw new Error(`"${name}" is not the name of a work unit.`);
  }
  return { accountId: account, region, partition, phase: Number(phase) };
}

/** The accounts and regions of a run, each once. */
export function targetsOf(names: readonly string[]): readonly ScanTarget[] {
  const targets = new Map<string, ScanTarget>();
  for (const { accountId: account, region, partition } of names.map(parseUnitName)) {
    targets.set(`${account} ${region}`, { accountId: account, region, partition });
  }
  return [...targets.values()];
}

/** The messages that start a phase in accounts and regions. */
export function phaseMessages(
  { runId, startedAt }: Pick<UnitMessage, 'runId' | 'startedAt'>,
  targets: readonly ScanTarget[],
  phase: number,
): readonly { readonly body: UnitMessage }[] {
  return targets.map(({ accountId: account, region, partition }) => ({
    body: { version: 1, runId, startedAt, accountId: account, region, partition, phase },
  }));
}

/** The messages that start a phase in accounts, whatever their regions. */
export function accountMessages(
  { runId, startedAt }: Pick<UnitMessage, 'runId' | 'startedAt'>,
  accounts: readonly Omit<ScanTarget, 'region'>[],
  phase: number,
): readonly { readonly body: AccountMessage }[] {
  return accounts.map(({ accountId: account, partition }) => ({
    body: { version: 1, runId, startedAt, accountId: account, partition, phase },
  }));
}
