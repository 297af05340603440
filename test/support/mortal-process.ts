/**
 * A process that can be killed at any await: every remote effect is two points, one before it and one after it. Whoever
 * reaches the deadly one never gets an answer, and nor does anybody else in the process from then on.
 */
export class MortalProcess {
  /** What each point was, in order; two runs of the same thing have the same ones. */
  readonly trace: string[] = [];
  readonly killed: Promise<'killed'>;
  readonly #deadlyPoint: number;
  #kill: () => void = () => {};
  #dead = false;

  /** @param deadlyPoint the point (from 0) at which it dies; it lives on where there are not so many */
  constructor(deadlyPoint: number = Number.POSITIVE_INFINITY) {
    this.#deadlyPoint = deadlyPoint;
    this.killed = new Promise((resolve) => {
      this.#kill = () => resolve('killed');
    });
  }

  async effect<T>(label: string, run: () => Promise<T>): Promise<T> {
    await this.#point(`before ${label}`);
    const answer = await run();
    await this.#point(`after ${label}`);
    return answer;
  }

  /** The same object, each of whose answers is an effect of this process. */
  wrap<T extends object>(target: T, labelOf: (method: string, args: readonly unknown[]) => string): T {
    const process = this;
    return new Proxy(target, {
      get(object, name) {
        const member = Reflect.get(object, name) as unknown;
        if (typeof member !== 'function' || typeof name !== 'string') return member;
        return (...args: unknown[]) => {
          const label = labelOf(name, args);
          const call = (): unknown => member.apply(object, args);
          return isGenerator(member)
            ? process.#stream(label, call as () => AsyncIterable<unknown>)
            : process.effect(label, async () => call());
        };
      },
    });
  }

  async *#stream<T>(label: string, open: () => AsyncIterable<T>): AsyncGenerator<T> {
    await this.#point(`before ${label}`);
    for await (const item of open()) {
      await this.#point(`item ${label}`);
      yield item;
    }
  }

  async #point(label: string): Promise<void> {
    if (!this.#dead && this.trace.length === this.#deadlyPoint) {
      this.#dead = true;
      this.#kill();
    }
    if (this.#dead) await new Promise(() => {});
    this.trace.push(label);
  }
}

function isGenerator(member: object): boolean {
  return Object.prototype.toString.call(member) === '[object AsyncGeneratorFunction]';
}
