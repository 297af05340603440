import { clearLine, cursorTo } from 'node:readline';
import type { ProgressObserver } from '#shared/use-cases/collect-inventory.ts';
import type { CliIo } from './io.ts';

/** Cells of a terminal; some pseudo-terminals say 0. */
export function widthOf({ columns = 0 }: { readonly columns?: number }): number {
  return columns > 0 ? columns : 80;
}

/** One line that follows the scan, on a terminal only. */
export interface ProgressLine {
  readonly observe: ProgressObserver | undefined;
  clear(): void;
}

/** A progress line on standard error; nothing at all when it is no terminal or `quiet` is set. */
export function createProgressLine(io: CliIo, quiet: boolean): ProgressLine {
  const { stderr } = io;
  if (quiet || stderr.isTTY !== true) return { observe: undefined, clear: () => undefined };
  const clear = () => {
    cursorTo(stderr, 0);
    clearLine(stderr, 0);
  };
  return {
    observe: ({ unitsDone, unitsTotal, resources, label }) => {
      clear();
      const line = `${unitsDone}/${unitsTotal} units, ${resources} resources; reading ${label}`;
      stderr.write(line.slice(0, widthOf(stderr) - 1));
    },
    clear,
  };
}
