import { once } from 'node:events';
import { devNull } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { emulatorsAreAvailable } from '#demo/emulators.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { reportOnScan } from '#shared/compose-report.ts';
import { type App, allChecks, composeApp } from '#shared/composition-root.ts';
import { type LoadedConfig, loadConfig } from '#shared/config/load.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import { writeReport } from '#shared/reports/write.ts';
import { writeChunks } from '#shared/sinks/files/write-chunks.ts';
import type { ScanResult } from '#shared/use-cases/evaluate-inventory.ts';
import { writeInventoryTo } from './collect.ts';
import { quoted, type Say, tellInventory, tellSecurityHub } from './demo-tell.ts';
import type { CliIo } from './io.ts';
import { appOptions } from './options.ts';
import { writeAllFormats } from './output.ts';
import type { Outcome } from './program.ts';
import { createProgressLine } from './progress.ts';
import { directoryTarget } from './report-files.ts';
import { tableOf } from './table.ts';
import { TOOL_VERSION } from './version.ts';
import { makeDirectory } from './write-file.ts';

interface DemoOptions {
  readonly output: string;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly serve?: boolean;
}

const REGIONS = ['us-east-1', 'eu-west-1'];
const ROWS = 15;

/** `hullcheck demo`: the main job, end to end, on an AWS account that is served on this machine. */
export function addDemoCommand(program: Command, io: CliIo, outcome: Outcome): void {
  program
    .command('demo')
    .description('scan and publish in a demo account that runs on this machine; needs no AWS')
    .option('--output <dir>', 'directory for the files', 'hullcheck-demo')
    .option('--serve', 'only serve the demo account, until it is interrupted')
    .option('--no-color', 'no colour in the table')
    .option('--quiet', 'no progress')
    .action(async (options: DemoOptions) => {
      const demo = await startDemoAccount();
      try {
        if (options.serve === true) await serve(demo, io);
        else await runDemo(demo, options, io);
      } finally {
        await demo.close();
      }
      outcome.exitCode = 0;
    });
}

async function runDemo(demo: DemoAccount, options: DemoOptions, io: CliIo): Promise<void> {
  // The SDK reads its endpoint and credentials from the environment of this process; a profile, a service's own
  // endpoint or a shared file of the person who tries the demo would lead it to a real account.
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name];
  Object.assign(process.env, demo.env, { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull });
  const say = (text: string) => io.stdout.write(`${text}\n`);
  const [account] = demo.world.accounts;
  const topic = account?.regions[0]?.topics[0]?.arn ?? '';
  const config = loadConfig(
    JSON.stringify({
      version: 1,
      accountNames: { [account?.id ?? '']: 'Tidewater Foods' },
      publish: { sns: { topics: { human: topic } } },
    }),
    'the demo',
    allChecks(),
  );
  const progress = createProgressLine(io, options.quiet === true);
  const app = composeApp({
    ...appOptions({}, config, { ...io, env: demo.env }),
    ...(progress.observe === undefined ? {} : { onProgress: progress.observe }),
  });
  try {
    say(
      `An AWS account (${account?.id}, Tidewater Foods) is served at ${demo.endpoint}; nothing leaves this machine.\n`,
    );
    const inventory = await app.collect([{}], REGIONS);
    progress.clear();
    const result = app.evaluate(inventory);
    tellInventory(result, say);
    await writeChunks(tableOf(result, { color: options.color, maxRows: ROWS, hints: [] }, io), io.stdout, false);
    const paths = [...(await writeAllFormats(options.output, result, app.registry))];
    const inventoryPath = join(options.output, 'inventory.jsonl');
    await writeInventoryTo(inventoryPath, inventory, io);
    paths.push(inventoryPath);
    if (await functionsCanRun()) {
      const { tellStory } = await import('./demo-story.ts');
      paths.push(await tellStory(demo, options.output, say));
    } else {
      await tellPublished(app, result, demo, say);
    }
    const reportPath = await writeDemoReport(inventory, result, app, config, options.output);
    say('\nFiles');
    for (const path of paths) say(`  ${path}`);
    say(`\nThe audit report of the account: ${reportPath}`);
    say(`\nTry it yourself: npx hullcheck scan --inventory ${inventoryPath}`);
    say('                 npx hullcheck checks explain ecs-task-no-container-socket');
  } finally {
    progress.clear();
    app.close();
  }
}

/** The report that an auditor gets, made from what was just read. */
async function writeDemoReport(
  inventory: Inventory,
  result: ScanResult,
  app: App,
  { config, parameters }: LoadedConfig,
  output: string,
): Promise<string> {
  const directory = join(output, 'report');
  await makeDirectory(directory);
  const asked = { config, parameters, toolVersion: TOOL_VERSION, now: () => new Date() };
  const report = await reportOnScan(inventory, result, app.registry, asked);
  try {
    await writeReport(report, directoryTarget(directory));
  } finally {
    await report.dispose();
  }
  return join(directory, 'report.html');
}

/** The functions run in a clone of the project: only there are their sources, and the emulators they need. */
async function functionsCanRun(): Promise<boolean> {
  return import.meta.url.endsWith('.ts') && (await emulatorsAreAvailable());
}

/** Serves the account for other tools, such as `hullcheck scan` in another terminal. */
async function serve(demo: DemoAccount, io: CliIo): Promise<void> {
  io.stdout.write('unset AWS_PROFILE AWS_SESSION_TOKEN AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\n');
  for (const [name, value] of Object.entries(demo.env)) io.stdout.write(`export ${name}=${value}\n`);
  io.stderr.write('The demo account is served until it is interrupted (Ctrl-C).\n');
  await once(process, 'SIGINT');
}

/** Publishes, then reads back what the demo's Security Hub and SNS hold. */
async function tellPublished(app: App, result: ScanResult, demo: DemoAccount, say: Say): Promise<void> {
  const reports = await app.publish(result, ['security-hub', 'sns']);
  say('');
  tellSecurityHub(demo, say);
  for (const { sink, rejected, notPublished } of reports) {
    for (const { code, message } of rejected) say(`  ${sink} refused one: ${code}: ${message}`);
    for (const { region, reason, count } of notPublished)
      say(`  ${sink}: ${count} of ${region} not published: ${reason}`);
  }
  const regions = demo.world.accounts[0]?.regions ?? [];
  const messages = regions.flatMap((region) => region.topics.flatMap((topic) => topic.messages));
  say(`\nSNS got ${messages.length} messages; the first, as the on-call person reads it:\n`);
  const [first] = messages;
  if (first !== undefined) say(quoted(first));
}
