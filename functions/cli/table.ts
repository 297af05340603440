import { consoleReport } from '#shared/sinks/console/console-report.ts';
import type { ScanResult } from '#shared/use-cases/evaluate-inventory.ts';
import type { CliIo } from './io.ts';
import { widthOf } from './progress.ts';

export interface TableOptions {
  /** False when `--no-color` was given. */
  readonly color: boolean;
  readonly maxRows?: number;
  readonly hints?: readonly string[];
}

/** The result as a person at a terminal reads it: coloured and fitted there, plain and uncut when it is piped. */
export function tableOf(result: ScanResult, options: TableOptions, io: CliIo): Iterable<string> {
  const terminal = io.stdout.isTTY === true;
  return consoleReport(result.header, result.findings(), {
    colour: terminal && options.color && (io.env.NO_COLOR ?? '') === '',
    hints: options.hints ?? [
      '`hullcheck checks explain ID` tells what a check looks at and how to fix it; --format json lists every verdict with its evidence.',
    ],
    ...(terminal ? { width: widthOf(io.stdout) } : {}),
    ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
  });
}
