import PQueue from 'p-queue';
import { bucketOf, type RateBucket } from './rate-limits.ts';

/** How much of AWS's rates a scan may take. */
export interface LimiterOptions {
  /**
   * The share of each published rate and burst, 0 < share <= 1; the rest is left to deployments, consoles and other
   * tools, which draw from the same buckets. `'unlimited'` is for endpoints that have no rates (tests); more than 1
   * is for a demo account whose rates are raised as much (benchmarks).
   */
  readonly rateShare: number | 'unlimited';
  /** Calls under way at once per account, region and bucket; never more than the client has sockets. */
  readonly concurrency: number;
}

/**
 * One limiter for each token bucket of each account and region, shared by everything that runs in the process.
 * No window as long as the bucket takes to refill starts more calls than the bucket holds.
 */
export class Limiter {
  readonly #options: LimiterOptions;
  readonly #queues = new Map<string, PQueue>();

  constructor(options: LimiterOptions) {
    this.#options = options;
  }

  /** Runs `call` when its bucket has a token for it. */
  run<T>(accountId: string, region: string, action: string, call: () => Promise<T>): Promise<T> {
    const bucket = bucketOf(action);
    const key = `${accountId} ${region} ${bucket.name}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = this.#createQueue(bucket);
      this.#queues.set(key, queue);
    }
    return queue.add(call);
  }

  #createQueue({ burst, perSecond, published }: RateBucket): PQueue {
    const { rateShare, concurrency } = this.#options;
    if (rateShare === 'unlimited') return new PQueue({ concurrency });
    const share = published ? rateShare : Math.max(1, rateShare);
    return new PQueue({
      concurrency,
      strict: true,
      intervalCap: Math.max(1, Math.floor(burst * share)),
      interval: Math.ceil((burst / perSecond) * 1000),
    });
  }
}
