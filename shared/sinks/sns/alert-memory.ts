/**
 * What the sink must remember between messages. The deployment keeps it in the ledger, shared by all units of a run; a
 * single process keeps it in memory.
 */
export interface AlertMemory {
  /** Takes one of the route's immediate alerts for a finding; false when none is left: the digest has to tell it. */
  reserve(findingId: string, route: string): Promise<boolean>;
  /** The route an alert for the finding was sent on that nothing has resolved since; undefined = there is none. */
  routeOfOpen(findingId: string): Promise<string | undefined>;
  /** Remembers what was sent. */
  record(findingId: string, eventAction: 'trigger' | 'resolve', route: string): Promise<void>;
}

export const DEFAULT_MAX_IMMEDIATE = 5;

/** The memory of one process and one run. */
export class InMemoryAlertMemory implements AlertMemory {
  readonly #max: number;
  readonly #open: Map<string, string>;
  readonly #reserved = new Map<string, number>();

  /** @param open the routes of open alerts by the ids of their findings */
  constructor(maxImmediatePerRun: number = DEFAULT_MAX_IMMEDIATE, open: Iterable<readonly [string, string]> = []) {
    this.#max = maxImmediatePerRun;
    this.#open = new Map(open);
  }

  async reserve(findingId: string, route: string): Promise<boolean> {
    const reserved = this.#reserved.get(route) ?? 0;
    if (this.#open.has(findingId) || reserved >= this.#max) return false;
    this.#reserved.set(route, reserved + 1);
    return true;
  }

  async routeOfOpen(findingId: string): Promise<string | undefined> {
    return this.#open.get(findingId);
  }

  async record(findingId: string, eventAction: 'trigger' | 'resolve', route: string): Promise<void> {
    if (eventAction === 'trigger') this.#open.set(findingId, route);
    else this.#open.delete(findingId);
  }
}
