/** One answered request. */
export interface RecordedCall {
  /** `service:Operation`, as IAM writes it. */
  operation: string;
  accountId: string;
  region: string;
  /** The ARN that signed it. */
  caller: string;
  /** `ok`, or the error code. */
  outcome: string;
}

interface CallFilter {
  accountId?: string;
  region?: string;
  outcome?: string;
}

/** Remembers what was asked of the demo account, so that tests and benchmarks can count. */
export class Recorder {
  /** Configurations and layers of images that were fetched: no calls of AWS's, and signed by nobody. */
  blobs = 0;
  #calls: RecordedCall[] = [];
  #running = 0;
  #peak = 0;

  /** Notes that a request has started; the returned function notes how it ended. */
  start(): (call: RecordedCall) => void {
    this.#running += 1;
    this.#peak = Math.max(this.#peak, this.#running);
    return (call) => {
      this.#running -= 1;
      this.#calls.push(call);
    };
  }

  /** All calls in the order they were answered. */
  calls(filter: CallFilter & { operation?: string } = {}): RecordedCall[] {
    return this.#calls.filter(
      (call) =>
        (filter.operation === undefined || call.operation === filter.operation) &&
        (filter.accountId === undefined || call.accountId === filter.accountId) &&
        (filter.region === undefined || call.region === filter.region) &&
        (filter.outcome === undefined || call.outcome === filter.outcome),
    );
  }

  /** How often one operation was called. */
  count(operation: string, filter: CallFilter = {}): number {
    return this.calls({ ...filter, operation }).length;
  }

  /** Calls per operation, account and region, sorted by name. */
  summary(): { operation: string; accountId: string; region: string; calls: number }[] {
    const counts = new Map<string, { operation: string; accountId: string; region: string; calls: number }>();
    for (const { operation, accountId, region } of this.#calls) {
      const key = `${operation} ${accountId} ${region}`;
      const row = counts.get(key) ?? { operation, accountId, region, calls: 0 };
      row.calls += 1;
      counts.set(key, row);
    }
    return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  /** The distinct operations that were called, sorted. */
  operations(): string[] {
    return [...new Set(this.#calls.map((call) => call.operation))].sort();
  }

  /** The most requests that were under way at the same time. */
  get peakConcurrency(): number {
    return this.#peak;
  }

  clear(): void {
    this.#calls = [];
    this.blobs = 0;
    this.#peak = this.#running;
  }
}
