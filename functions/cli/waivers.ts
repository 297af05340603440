import type { Command } from 'commander';
import { composeApp } from '#shared/composition-root.ts';
import { ConfigError } from '#shared/config/load.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import type { WaiverUse } from '#shared/domain/result.ts';
import type { WaiverSet } from '#shared/domain/waiver.ts';
import { WaiverTally, waiverUses } from '#shared/engine/waivers.ts';
import { waiverTable } from '#shared/sinks/console/waiver-table.ts';
import type { CliIo } from './io.ts';
import { appOptions, readConfig } from './options.ts';
import { readInventoryFile } from './read-inventory.ts';
import { readWaivers } from './read-waivers.ts';

interface ValidateOptions {
  readonly inventory?: string;
  readonly config?: string;
}

/** `hullcheck waivers validate`. */
export function addWaiversCommand(program: Command, io: CliIo): void {
  program
    .command('waivers')
    .description('accepted risks')
    .command('validate <file>')
    .description('check a waivers file: exit code 2 if anything in it is wrong')
    .option('--inventory <file>', 'judge this inventory, and tell what each waiver hides and which match nothing')
    .option('--config <file>', 'configuration (hullcheck.yaml), for the parameters of checks')
    .action(async (file: string, options: ValidateOptions) => {
      const set = await readWaivers(file, io);
      const inventory = options.inventory === undefined ? undefined : await readInventoryFile(options.inventory, io);
      const uses = inventory === undefined ? usesByDate(set, io) : await usesIn(inventory, set, options, io);
      io.stdout.write(waiverTable(uses, inventory !== undefined));
      const problems = set.ignored.flatMap((ignored) => ignored.problems);
      if (problems.length > 0) throw new ConfigError(problems);
    });
}

/** Without an inventory only the dates speak. */
function usesByDate(set: WaiverSet, io: CliIo): readonly WaiverUse[] {
  return waiverUses(set, new WaiverTally(), { serviceOfCheck: new Map(), coverage: [] }, io.now());
}

async function usesIn(
  inventory: Inventory,
  waivers: WaiverSet,
  options: ValidateOptions,
  io: CliIo,
): Promise<readonly WaiverUse[]> {
  const app = composeApp({ ...appOptions({}, await readConfig(options.config), io), waivers });
  try {
    return app.evaluate(inventory, io.now()).header.waivers ?? [];
  } finally {
    app.close();
  }
}
