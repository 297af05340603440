import { compareCodeUnits } from '../../domain/order.ts';
import type { NameSample } from './model.ts';

const KEPT = 10;

/** Counts names and keeps the first ten in code unit order, whatever order they come in. */
export class NameCounter {
  #count = 0;
  readonly #first: string[] = [];

  add(name: string): void {
    this.#count += 1;
    const last = this.#first[KEPT - 1];
    if (last !== undefined && compareCodeUnits(name, last) >= 0) return;
    const after = this.#first.findIndex((kept) => compareCodeUnits(name, kept) < 0);
    this.#first.splice(after === -1 ? this.#first.length : after, 0, name);
    if (this.#first.length > KEPT) this.#first.pop();
  }

  sample(): NameSample {
    return { count: this.#count, first: [...this.#first] };
  }
}
