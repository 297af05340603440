import { publishedRates, type Rate, TokenBucket } from './rates.ts';

/** What the demo account should do instead of, or before, a proper answer. */
export type Fault =
  | { kind: 'throttle' }
  | { kind: 'deny'; because: 'no-identity-policy' | 'service-control-policy' }
  | { kind: 'expired-token' }
  | { kind: 'error'; status: number }
  | { kind: 'reset' }
  /** The request takes effect, and the connection breaks before the answer. */
  | { kind: 'lose-answer' }
  | { kind: 'html' }
  /** A list of the Kubernetes API expires between two of its pages. */
  | { kind: 'expired-list' }
  | { kind: 'delay'; milliseconds: number }
  | { kind: 'page-size'; size: number };

/** Where and when a fault applies; nothing named means everywhere and always. */
export interface FaultScope {
  accountId?: string;
  region?: string;
  /** Leave so many calls alone first. */
  after?: number;
  /** Apply to so many calls, then no more. */
  times?: number;
  /** Apply only to calls whose input matches, for example one repository. */
  when?: (input: Record<string, unknown>) => boolean;
}

interface Rule {
  pattern: string;
  fault: Fault;
  scope: FaultScope;
  seen: number;
}

interface RatedCall {
  operation: string;
  accountId: string;
  region: string;
}

/** The fault switchboard: per operation (`ecr:DescribeImages`), per service (`ecr:*`) or for everything (`*`). */
export class Faults {
  #rules: Rule[] = [];
  #rates: readonly Rate[] = [];
  readonly #buckets = new Map<string, TokenBucket>();

  /**
   * Adds a fault. Returns a function that takes it away again.
   *
   * @param pattern `service:Operation`, `service:*` or `*`
   */
  add(pattern: string, fault: Fault, scope: FaultScope = {}): () => void {
    const rule = { pattern, fault, scope, seen: 0 };
    this.#rules.push(rule);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== rule);
    };
  }

  /** Throttles as AWS does by default: one token bucket per published quota, account and region. */
  throttleAtPublishedRates(): void {
    this.throttleAt(publishedRates);
  }

  /** Throttles with these token buckets, one of each per account and region. */
  throttleAt(rates: readonly Rate[]): void {
    this.#rates = rates;
    this.#buckets.clear();
  }

  /** Back to a friendly account. */
  clear(): void {
    this.#rules = [];
    this.throttleAt([]);
  }

  /** The faults that apply to this call, counting it against `after` and `times`. */
  take(call: RatedCall, input: () => Record<string, unknown>): Fault[] {
    const faults: Fault[] = [];
    for (const rule of this.#rules) {
      if (!applies(rule, call) || !(rule.scope.when?.(input()) ?? true)) continue;
      rule.seen += 1;
      const first = (rule.scope.after ?? 0) + 1;
      const last = rule.scope.times === undefined ? Number.POSITIVE_INFINITY : first + rule.scope.times - 1;
      if (rule.seen >= first && rule.seen <= last) faults.push(rule.fault);
    }
    if (this.#isTooFast(call)) faults.push({ kind: 'throttle' });
    return faults;
  }

  #isTooFast(call: RatedCall): boolean {
    for (const rate of this.#rates) {
      if (!rate.operations.some((pattern) => matches(pattern, call.operation))) continue;
      const key = `${rate.operations.join(',')} ${call.accountId} ${call.region}`;
      const bucket = this.#buckets.get(key) ?? new TokenBucket(rate);
      this.#buckets.set(key, bucket);
      return !bucket.take();
    }
    return false;
  }
}

function applies(rule: Rule, call: RatedCall): boolean {
  return (
    matches(rule.pattern, call.operation) &&
    (rule.scope.accountId === undefined || rule.scope.accountId === call.accountId) &&
    (rule.scope.region === undefined || rule.scope.region === call.region)
  );
}

function matches(pattern: string, operation: string): boolean {
  return (
    pattern === '*' || pattern === operation || (pattern.endsWith('*') && operation.startsWith(pattern.slice(0, -1)))
  );
}
