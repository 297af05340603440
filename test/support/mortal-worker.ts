import type { DemoAccount } from '#demo/server.ts';

/** Everything that leaves a trace somewhere. What only reads cannot be told from what was never called. */
const EFFECTS = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'securityhub:BatchImportFindings',
  'securityhub:BatchUpdateFindings',
  'sns:Publish',
  'sqs:SendMessageBatch',
] as const;

/**
 * A worker in the demo account that dies right after one of its remote effects: the effect has happened, its answer never
 * arrives, and nothing the worker still tries gets through, until it is revived.
 */
export class MortalWorker {
  readonly #faults: DemoAccount['faults'];
  readonly #effects: string[] = [];
  #isDead = false;

  /** @param deadly the effect (from 1) after which it dies; without it, it only counts */
  constructor({ faults }: DemoAccount, deadly = Number.POSITIVE_INFINITY) {
    this.#faults = faults;
    faults.add('*', { kind: 'reset' }, { when: () => this.#isDead });
    for (const operation of EFFECTS) {
      const when = () => {
        if (this.#isDead) return false;
        this.#effects.push(operation);
        this.#isDead = this.#effects.length === deadly;
        return this.#isDead;
      };
      faults.add(operation, { kind: 'lose-answer' }, { when });
    }
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** What it has done, in order. */
  get effects(): readonly string[] {
    return this.#effects;
  }

  /** Another one takes over. */
  revive(): void {
    this.#isDead = false;
    this.#faults.clear();
  }
}
