/** Everything a stream gives, in order. `Array.fromAsync` is not in Node 20. */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
