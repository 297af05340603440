import { type Command, Option } from 'commander';
import { composeArchiver } from '#shared/compose-archiver.ts';
import { composeApp, openLedger } from '#shared/composition-root.ts';
import { plainLine } from '#shared/sinks/plain-text.ts';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import { type AccountOptions, appOptions, askedFor, list, readConfig } from './options.ts';
import type { Outcome } from './program.ts';

interface ArchiveOptions extends AccountOptions {
  readonly ledger: string;
  readonly apply?: boolean;
}

/** `hullcheck archive`: takes back what was published, before Hullcheck is removed. */
export function addArchiveCommand(program: Command, io: CliIo, outcome: Outcome): void {
  program
    .command('archive')
    .description('show what stands open in Security Hub because Hullcheck published it; archive it with --apply')
    .requiredOption('--ledger <place>', 'memory of findings: a file, or dynamodb:TABLE')
    .option('--apply', 'archive it: without, nothing is written')
    .addOption(new Option('--region <region...>', 'region of the credentials').argParser(list))
    .option('--profile <name>', 'profile of the AWS configuration')
    .addOption(new Option('--role-arn <arn...>', 'roles to assume, one for each account').argParser(list))
    .addOption(new Option('--external-id <id...>', 'external id: one for all roles, or one for each').argParser(list))
    .option('--config <file>', 'configuration (hullcheck.yaml)')
    .option('--quiet', 'only what could not be archived')
    .action(async (options: ArchiveOptions) => {
      outcome.exitCode = await archive(options, io);
    });
}

async function archive(options: ArchiveOptions, io: CliIo): Promise<ExitCode> {
  const loaded = await readConfig(options.config);
  const ledger = await openLedger(options.ledger, io.now);
  const app = composeApp(appOptions(options, loaded, io));
  const say = (text: string) => {
    if (options.quiet !== true) io.stdout.write(`${text}\n`);
  };
  const complain = (text: string) => io.stderr.write(`${plainLine(text)}\n`);
  try {
    const { sources, regions } = await askedFor(options, loaded, app);
    const [region] = regions;
    if (region === undefined) throw new UsageError('No region is given: name one with --region.');
    const archiver = composeArchiver(appOptions(options, loaded, io), app.clients, ledger, sources, region);
    const plan = await archiver.plan();
    for (const problem of plan.problems) complain(problem);
    for (const { accountId, region: where, count } of plan.open) {
      const reach = plan.accountIds.has(accountId) ? '' : ' (no credentials for this account: name a role)';
      say(`${accountId} ${where}: ${count} open findings${reach}`);
    }
    const unreachable = plan.open.some(({ accountId }) => !plan.accountIds.has(accountId));
    if (plan.open.length === 0) say('Nothing that was published is open.');
    else if (options.apply !== true) say('Nothing was changed: add --apply to archive them.');
    if (plan.open.length === 0 || options.apply !== true) return plan.problems.length > 0 || unreachable ? 3 : 0;
    const reports = await archiver.archive(plan);
    for (const { sink, published, rejected, notPublished } of reports) {
      say(`${sink}: ${published} archived`);
      for (const { findingId, code, message } of rejected)
        complain(`${sink}: refused ${findingId}: ${code}: ${message}`);
      for (const { accountId, region: where, reason, count } of notPublished) {
        complain(`${sink}: ${count} findings of ${accountId} ${where} not archived: ${reason}`);
      }
    }
    const refused = reports.some(({ rejected, notPublished }) => rejected.length > 0 || notPublished.length > 0);
    return plan.problems.length > 0 || unreachable || refused ? 3 : 0;
  } finally {
    app.close();
    ledger.close();
  }
}
