import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { CliIo } from '#functions/cli/io.ts';
import { createProgressLine } from '#functions/cli/progress.ts';

function terminal(columns: number | undefined, isTTY = true) {
  let text = '';
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  Object.assign(stderr, { isTTY, columns });
  return { io: { stderr } as unknown as CliIo, shown: () => text };
}

const step = { unitsDone: 1, unitsTotal: 10, resources: 5, label: `ecs 111122223333/${'x'.repeat(200)}` };

test.for([
  [100, 99],
  [0, 79],
  [undefined, 79],
] as const)('on a terminal of %s columns the progress line takes %i', ([columns, expected]) => {
  const { io, shown } = terminal(columns);

  createProgressLine(io, false).observe?.(step);

  expect(shown().slice(shown().indexOf('1/10'))).toHaveLength(expected);
});

test('there is no progress line in a pipe, nor with --quiet', () => {
  expect(createProgressLine(terminal(80, false).io, false).observe).toBeUndefined();
  expect(createProgressLine(terminal(80).io, true).observe).toBeUndefined();
});
