/** Thrown where the process is taken to have been killed. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * Counts everything a use case does to the outside, and kills it once: before or after the n-th of these effects. What
 * comes after a kill is undisturbed.
 */
export class FaultPoints {
  #count = 0;
  #armed: { readonly at: number; readonly when: 'before' | 'after' } | undefined;

  /** How many effects there were since the last {@link FaultPoints.arm}. */
  get count(): number {
    return this.#count;
  }

  /** Whether the kill it was armed for has happened. */
  get hasKilled(): boolean {
    return this.#armed === undefined;
  }

  arm(at: number, when: 'before' | 'after'): void {
    this.#count = 0;
    this.#armed = { at, when };
  }

  /** The same object, each of whose asynchronous methods is a point where the process may die. */
  on<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => this.#effect(() => member.apply(object, args));
      },
    });
  }

  #effect(act: () => unknown): unknown {
    this.#count += 1;
    const at = this.#count;
    const result = () => act();
    if (this.#isArmed(at, 'before')) return this.#die();
    const answer = result();
    if (!(answer instanceof Promise)) return answer;
    return answer.then((value) => {
      if (this.#isArmed(at, 'after')) this.#die();
      return value;
    });
  }

  #isArmed(at: number, when: 'before' | 'after'): boolean {
    return this.#armed?.at === at && this.#armed.when === when;
  }

  #die(): never {
    const at = this.#armed;
    this.#armed = undefined;
    throw new Killed(`killed ${at?.when} effect ${at?.at}`);
  }
}
