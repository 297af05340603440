/** What a stream gave, or that its time was up before its end. */
type Step<T> = IteratorResult<T> | 'time is up';

/**
 * Walks a stream for at most so long. What it had not given by then is abandoned: whoever reads it learns that it is not
 * all.
 *
 * @returns whether it came to its end
 */
export async function walkUntil<T>(
  stream: AsyncIterable<T>,
  milliseconds: number,
  take: (item: T) => void,
): Promise<boolean> {
  const iterator = stream[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<'time is up'>((resolve) => {
    timer = setTimeout(() => resolve('time is up'), Math.max(milliseconds, 0));
  });
  try {
    for (;;) {
      const next = iterator.next();
      const step: Step<T> = await Promise.race([next, timeIsUp]);
      if (step === 'time is up') {
        // Nobody waits for the answer that is still on its way, so that its failure must not end the process.
        void Promise.allSettled([next, iterator.return?.()]);
        return false;
      }
      if (step.done === true) return true;
      take(step.value);
    }
  } finally {
    clearTimeout(timer);
  }
}
