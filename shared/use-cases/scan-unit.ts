import type { MessageQueue } from '../domain/queue.ts';
import { phasesOf } from './collect-inventory.ts';
import type { LookDependencies } from './look.ts';
import { type UnitMessage, unitName } from './run-messages.ts';
import { accountProgress, completeUnit, goOn } from './run-progress.ts';
import { type ScannedService, scanService } from './scan-service.ts';

export interface ScanUnitDependencies extends LookDependencies {
  readonly unitQueue: MessageQueue;
  readonly finishQueue: MessageQueue;
  /** How long the invocation may still go on, in milliseconds. */
  readonly remainingMs: () => number;
}

export interface ScannedUnit {
  readonly unit: string;
  /** `continued`: the rest is done by a new message; `postponed`: all of it is, when nobody else scans the same. */
  readonly outcome: 'done' | 'done before' | 'continued' | 'postponed';
  readonly services: readonly ScannedService[];
}

/** Below this a unit begins no further service (PE-1): there is telling to be done as well. */
const LEAST_REMAINING_MS = 300_000;
/** A lease outlives the longest invocation, and is free soon after a crash. */
const LEASE_SECONDS = 960;
/** So long a unit waits for another scan of the same account and region. */
const BUSY_SECONDS = 60;

/**
 * Scans one unit of a run, service by service. The last unit of a phase starts the next phase, and the last of all ends
 * the run.
 *
 * @throws what the ledger and the queues throw: the message is delivered again, and everything that was done already is
 *   done the same way again
 */
export async function scanUnit(message: UnitMessage, dependencies: ScanUnitDependencies): Promise<ScannedUnit> {
  const { ledger, now, collectors } = dependencies;
  const phases = phasesOf(collectors).length;
  const unit = unitName(message);
  const isPartOfRun = message.services === undefined;
  if (isPartOfRun && (await accountProgress(ledger, message.runId, message.accountId)).completed.includes(unit)) {
    // A crash may have come between completing and saying so.
    await goOn(message, { ...dependencies, phases });
    return { unit, outcome: 'done before', services: [] };
  }
  const lease = `unit ${message.accountId} ${message.region}`;
  const owner = `${message.runId} ${message.phase}`;
  if (!(await ledger.acquireLease(lease, owner, now(), LEASE_SECONDS))) {
    // No failure: a failed message comes back only after its long invisibility, when the run may be over.
    await dependencies.unitQueue.send([{ body: message, delaySeconds: BUSY_SECONDS }]);
    return { unit, outcome: 'postponed', services: [] };
  }
  const services = await scanServices(message, dependencies);
  const done = [...(message.done ?? []), ...services.map(({ service }) => service)];
  const isWhole = wantedServices(message, dependencies).every((service) => done.includes(service));
  if (!isWhole) await dependencies.unitQueue.send([{ body: { ...message, done } }]);
  // Given back only when all is told; a crash before leaves it to expire, or to the same message when it comes again.
  await ledger.releaseLease(lease, owner);
  if (!isWhole) return { unit, outcome: 'continued', services };
  if (isPartOfRun) {
    await completeUnit(ledger, message.runId, message);
    await goOn(message, { ...dependencies, phases });
  }
  return { unit, outcome: 'done', services };
}

async function scanServices(
  message: UnitMessage,
  dependencies: ScanUnitDependencies,
): Promise<readonly ScannedService[]> {
  const { collectors, remainingMs } = dependencies;
  const { accountId, region, partition, done = [] } = message;
  const scanned: ScannedService[] = [];
  for (const service of wantedServices(message, dependencies)) {
    const collector = collectors.find((one) => one.service === service);
    if (collector === undefined || done.includes(service)) continue;
    // Whatever the time, one service is begun: a unit that never begins never ends.
    if (scanned.length > 0 && remainingMs() < LEAST_REMAINING_MS) break;
    // Cut short, it is begun anew by an invocation that has all its time; there is none with more than that.
    const tellsPart = scanned.length === 0;
    const one = await scanService({ accountId, region, partition }, collector, { ...dependencies, tellsPart });
    if (one === undefined) break;
    scanned.push(one);
    await lookAgain(message, one.judgedTooEarly, dependencies);
  }
  return scanned;
}

/** Asks for a second look at what was judged before a fact was known: it would be wrong until the next run. */
async function lookAgain(
  { runId, startedAt, accountId, region, partition }: UnitMessage,
  services: readonly string[],
  { unitQueue }: ScanUnitDependencies,
): Promise<void> {
  if (services.length === 0) return;
  const body: UnitMessage = {
    version: 1,
    runId: `${runId} again`,
    startedAt,
    accountId,
    region,
    partition,
    phase: 0,
    services: [...services],
  };
  await unitQueue.send([{ body }]);
}

function wantedServices({ services, phase }: UnitMessage, { collectors }: ScanUnitDependencies): readonly string[] {
  if (services !== undefined) return services.filter((service) => collectors.some((one) => one.service === service));
  return (phasesOf(collectors)[phase] ?? []).map(({ service }) => service);
}
