/** What the next item of a stream turned out to be, and of which stream. */
interface Step<T> {
  readonly stream: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}

/**
 * Opens a stream for each of many things and gives what comes out of them as it comes, so many of them at once: the
 * answers of a store are waited for together, and nothing is held but one item of each.
 *
 * @throws what a stream throws; the others are ended first
 */
export async function* interleave<S, T>(
  things: AsyncIterable<S> | Iterable<S>,
  open: (thing: S) => AsyncIterable<T>,
  atOnce: number,
): AsyncGenerator<T> {
  const running = new Map<AsyncIterator<T>, Promise<Step<T>>>();
  const pull = (stream: AsyncIterator<T>) => {
    const step = stream.next().then((result) => ({ stream, result }));
    // Its failure is thrown when its turn comes: until then it must not look as if nobody cared.
    step.catch(() => undefined);
    running.set(stream, step);
  };
  const nextOf = async (): Promise<T | undefined> => {
    const { stream, result } = await Promise.race(running.values());
    if (result.done === true) {
      running.delete(stream);
      return undefined;
    }
    pull(stream);
    return result.value;
  };
  try {
    for await (const thing of things) {
      pull(open(thing)[Symbol.asyncIterator]());
      while (running.size >= atOnce) {
        const item = await nextOf();
        if (item !== undefined) yield item;
      }
    }
    while (running.size > 0) {
      const item = await nextOf();
      if (item !== undefined) yield item;
    }
  } finally {
    // Nobody waits for these answers any more, so that their failures must not end the process.
    const left = [...running];
    await Promise.allSettled(left.flatMap(([stream, step]) => [step, stream.return?.()]));
  }
}
