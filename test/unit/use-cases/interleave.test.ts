import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { interleave } from '#shared/use-cases/interleave.ts';
import { allOf } from '#test/support/all-of.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('gives everything of every stream, and nothing twice', async () => {
  async function* tens(of: number) {
    for (const each of numbers(3)) yield of * 10 + each;
  }

  expect((await allOf(interleave(numbers(5), tens, 2))).toSorted((left, right) => left - right)).toEqual(
    numbers(5).flatMap((of) => numbers(3).map((each) => of * 10 + each)),
  );
  expect(await allOf(interleave([], tens, 2))).toEqual([]);
});

test('so many are under way at once, never more', async () => {
  let [running, most] = [0, 0];
  async function* slow(of: number) {
    running += 1;
    most = Math.max(most, running);
    await setTimeout(1);
    running -= 1;
    yield of;
  }

  await allOf(interleave(numbers(50), slow, 7));
  expect(most).toBe(7);
});

test('a slow one does not keep the others waiting', async () => {
  async function* slow(of: number) {
    if (of === 0) await setTimeout(20);
    yield of;
  }

  expect((await allOf(interleave(numbers(10), slow, 2))).at(-1)).toBe(0);
});

test('what one throws is thrown, after the others have ended', async () => {
  const ended: number[] = [];
  async function* broken(of: number) {
    try {
      await setTimeout(of);
      if (of === 3) throw new Error('throttled');
      yield of;
      yield of;
    } finally {
      ended.push(of);
    }
  }

  await expect(allOf(interleave([1, 2, 3, 30], broken, 4))).rejects.toThrow('throttled');
  expect(ended.toSorted()).toEqual([1, 2, 3, 30]);
});

test('one that fails while nobody looks fails when somebody does', async () => {
  async function* broken(of: number) {
    if (of === 1) throw new Error('throttled');
    yield of;
  }
  const stream = interleave([0, 1], broken, 2);

  expect((await stream.next()).value).toBe(0);
  await setTimeout(5);
  await expect(stream.next()).rejects.toThrow('throttled');
});

test('whoever stops early ends them all', async () => {
  const ended: number[] = [];
  async function* endless(of: number) {
    try {
      for (;;) yield of;
    } finally {
      ended.push(of);
    }
  }
  for await (const _ of interleave(numbers(3), endless, 3)) break;

  expect(ended.toSorted()).toEqual([0, 1, 2]);
});
