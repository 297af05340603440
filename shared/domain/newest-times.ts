/**
 * The newest n of a stream of times, as a binary heap with the oldest of them on top: memory grows with n (the number
 * of images a rule keeps) and not with the stream.
 */
export class NewestTimes {
  readonly #size: number;
  readonly #heap: number[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  add(time: number): void {
    if (this.#heap.length < this.#size) {
      this.#heap.push(time);
      this.#rise(this.#heap.length - 1);
    } else if (time > (this.#heap[0] ?? Number.POSITIVE_INFINITY)) {
      this.#heap[0] = time;
      this.#sink(0);
    }
  }

  /** True when n times were seen and the given one is older than every one of the newest n. */
  isOlderThanAll(time: number): boolean {
    return this.#heap.length >= this.#size && time < (this.#heap[0] ?? Number.NEGATIVE_INFINITY);
  }

  #at(index: number): number {
    return this.#heap[index] ?? Number.POSITIVE_INFINITY;
  }

  #swap(left: number, right: number): void {
    const kept = this.#at(left);
    this.#heap[left] = this.#at(right);
    this.#heap[right] = kept;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= this.#at(index)) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const smaller = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(smaller) >= this.#at(index)) return;
      this.#swap(smaller, index);
      index = smaller;
    }
  }
}
