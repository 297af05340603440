/**
 * What the sink must remember between messages. The deployment keeps it in the ledger, shared by all units of a run
 * and route; a single process keeps it in memory.
 */
export interface AlertMemory {
  /** Takes one of the run's immediate alerts for a finding; false when none is left, and the digest has to tell it. */
  reserve(findingId: string): Promise<boolean>;
  /** Whether an alert for the finding was sent and nothing has resolved it since. */
  isOpen(findingId: string): Promise<boolean>;
  /** Remembers what was sent. */
  record(findingId: string, eventAction: 'trigger' | 'resolve'): Promise<void>;
}

export const DEFAULT_MAX_IMMEDIATE = 5;

/** The memory of one process and one run. */
export class InMemoryAlertMemory implements AlertMemory {
  readonly #max: number;
  readonly #open: Set<string>;
  #reserved = 0;

  constructor(maxImmediatePerRun: number = DEFAULT_MAX_IMMEDIATE, open: Iterable<string> = []) {
    this.#max = maxImmediatePerRun;
    this.#open = new Set(open);
  }

  async reserve(findingId: string): Promise<boolean> {
    if (this.#open.has(findingId) || this.#reserved >= this.#max) return false;
    this.#reserved += 1;
    return true;
  }

  async isOpen(findingId: string): Promise<boolean> {
    return this.#open.has(findingId);
  }

  async record(findingId: string, eventAction: 'trigger' | 'resolve'): Promise<void> {
    if (eventAction === 'trigger') this.#open.add(findingId);
    else this.#open.delete(findingId);
  }
}
