import { Command } from 'commander';
import { addArchiveCommand } from './archive.ts';
import { addBaselineCommand } from './baseline.ts';
import { addChecksCommand } from './checks.ts';
import { addCollectCommand } from './collect.ts';
import { addDemoCommand } from './demo.ts';
import { addDoctorCommand } from './doctor.ts';
import { addFixCommand } from './fix.ts';
import { addGateCommand } from './gate.ts';
import type { CliIo, ExitCode } from './io.ts';
import { addLintCommand } from './lint.ts';
import { addReportCommand } from './report.ts';
import { addScanCommand } from './scan.ts';
import { TOOL_VERSION } from './version.ts';
import { addWaiversCommand } from './waivers.ts';

/** Where a command leaves its exit code. */
export interface Outcome {
  exitCode: ExitCode;
}

/** The whole command line; one file a command. */
export function createProgram(io: CliIo, outcome: Outcome): Command {
  const program = new Command('hullcheck')
    .description('Finds out whether the containers of an AWS account follow the container-security practices.')
    .version(TOOL_VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`hullcheck: ${text.replace(/^error: /, '')}`),
    });
  addScanCommand(program, io, outcome);
  addCollectCommand(program, io, outcome);
  addLintCommand(program, io, outcome);
  addGateCommand(program, io, outcome);
  addChecksCommand(program, io);
  addWaiversCommand(program, io);
  addBaselineCommand(program, io, outcome);
  addFixCommand(program, io, outcome);
  addDoctorCommand(program, io, outcome);
  addArchiveCommand(program, io, outcome);
  addReportCommand(program, io, outcome);
  addDemoCommand(program, io, outcome);
  return program;
}
