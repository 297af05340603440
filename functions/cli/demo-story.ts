import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ofFirstContainer } from '#demo/change/services.ts';
import { changesIn } from '#demo/change.ts';
import { type Deployment, sdkConfig } from '#demo/deployment.ts';
import type { DemoAccount } from '#demo/server.ts';
import type { Topic } from '#demo/world/world.ts';
import { DEMO_REGIONS, deployHullcheck } from './demo-deployment.ts';
import { askGate } from './demo-gate.ts';
import { counted, quoted, type Say, tellSecurityHub } from './demo-tell.ts';
import { writeFileStream } from './write-file.ts';

/** What one step of the story has caused, counted in the account and not by the functions themselves. */
interface Told {
  /** Calls that read the customer's account. */
  readonly reads: number;
  readonly imports: number;
  /** What Security Hub now says of findings of which it said something else before: their states. */
  readonly changed: readonly string[];
  readonly mails: Topic['messages'];
  readonly incidents: Topic['messages'];
}

/** Services in which Hullcheck keeps and sends its own; everything else it calls is the customer's. */
const OWN = /^(dynamodb|s3|sqs|sns|securityhub):/;

const CLUSTER = 'dock-ec2';
const SERVICE = 'unbounded-worker';
const REPOSITORY = 'tidewater/recipe-importer';

/**
 * Hullcheck as people have it: deploys the functions into the demo account, and lets things happen.
 *
 * @param directory where the report goes
 * @returns the path of the report
 */
export async function tellStory(demo: DemoAccount, directory: string, say: Say): Promise<string> {
  const deployment = await deployHullcheck(demo);
  const during = watcherOf(demo, deployment);
  const change = changesIn(demo, DEMO_REGIONS[0]);
  const rollOut = async (privileged: boolean) => {
    change.services.rollOut(CLUSTER, SERVICE, ofFirstContainer({ privileged }));
    await deployment.settle();
  };
  say(
    `\nHullcheck is deployed: functions, table, queues, topics and buckets; it listens in ${DEMO_REGIONS.length} regions`,
  );

  say('\n1. The schedule comes round: plan, scan, finish');
  let planned = 0;
  const baseline = await during(async () => {
    ({ accounts: planned } = (await deployment.plan()) as { accounts: number });
    await deployment.settle();
  });
  say(`   ${counted(planned, 'account')}, ${calls(baseline)}; ${published(baseline)}, ${messages(baseline)}`);
  for (const { subject } of baseline.mails) say(`   mail: ${subject}`);
  tellSecurityHub(demo, (line) => say(`   ${line}`));

  say(`\n2. The service ${SERVICE} is rolled out with a privileged container`);
  const alerted = await during(() => rollOut(true));
  say(
    `   rechecked with ${calls(alerted)}; ${published(alerted)}, ${messages(alerted)}. As the on-call person reads it:\n`,
  );
  for (const mail of alerted.mails) say(quoted(mail));

  say('\n3. The same scan again');
  const again = await during(() => deployment.scan());
  say(`   ${published(again)}, ${messages(again)}`);

  say(`\n4. ${SERVICE} is rolled out as it was before`);
  const fixed = await during(() => rollOut(false));
  say(`   ${published(fixed)}: ${statesOf(fixed)}; ${messages(fixed)}`);
  for (const { message } of fixed.incidents) say(`   to the incident tool: ${actionOf(message)}`);

  say(`\n5. The repository ${REPOSITORY} is deleted`);
  const gone = await during(async () => {
    change.repositories.delete(REPOSITORY);
    await deployment.settle();
  });
  say(`   ${published(gone)}: ${statesOf(gone)}; ${messages(gone)}`);

  say('\n6. The service secure-app is rolled out with another log level, which changes no practice');
  const unmoved = await during(async () => {
    const environment = [{ name: 'LOG_LEVEL', value: 'debug' }];
    change.services.rollOut('harbor-fargate', 'secure-app', ofFirstContainer({ environment }));
    await deployment.settle();
  });
  say(`   rechecked with ${calls(unmoved)}; ${published(unmoved)}, ${messages(unmoved)}`);

  say('\n7. ECS asks the gate before it deploys');
  const asked = await during(() => askGate(demo, deployment, say));
  say(`   ${messages(asked)} about the denials`);

  const { problems } = (await deployment.watch()) as { problems: readonly string[] };
  say(`\n8. The watch looks whether the scanner itself works: ${counted(problems.length, 'problem')}`);
  for (const problem of problems) say(`   ${problem}`);
  const { failures } = deployment;
  if (failures.length > 0) say(`   tried again: ${counted(failures.length, 'batch')}; ${String(failures[0]?.error)}`);

  let path = '';
  const reported = await during(async () => {
    path = await fetchReport(demo, deployment, directory);
  });
  say(`\n9. The schedule of the weekly reports comes round: ${messages(reported)}`);
  for (const { subject } of reported.mails) say(`   mail: ${subject}`);
  return path;
}

/** Looks at the account before and after. */
function watcherOf(demo: DemoAccount, { topics }: Deployment): (act: () => Promise<unknown>) => Promise<Told> {
  return async (act) => {
    const before = statesIn(demo);
    const [mails, incidents] = [topics.human.messages.length, topics.machine.messages.length];
    demo.recorder.clear();
    await act();
    return {
      reads: demo.recorder.calls().filter(({ operation }) => !OWN.test(operation)).length,
      imports: demo.recorder.count('securityhub:BatchImportFindings'),
      changed: [...statesIn(demo)].filter(([id, state]) => before.get(id) !== state).map(([, state]) => state),
      mails: topics.human.messages.slice(mails),
      incidents: topics.machine.messages.slice(incidents),
    };
  };
}

function statesIn({ world }: DemoAccount): Map<string, string> {
  const findings = world.accounts.flatMap(({ regions }) => regions.flatMap(({ security }) => [...security.findings]));
  return new Map(findings.map(([key, one]) => [key, `${one.Compliance?.Status} and ${one.RecordState}`]));
}

function calls({ reads }: Told): string {
  return counted(reads, 'reading call');
}

function published({ imports, changed }: Told): string {
  const what = imports === 0 ? '' : ` with ${counted(changed.length, 'finding')}`;
  return `${counted(imports, 'BatchImportFindings call')}${what}`;
}

function messages({ mails, incidents }: Told): string {
  if (mails.length + incidents.length === 0) return '0 messages';
  return `${counted(mails.length, 'mail')}, ${counted(incidents.length, 'event')} for the incident tool`;
}

function statesOf({ changed }: Told): string {
  return [...new Set(changed)].join(', ');
}

function actionOf(message: string): string {
  const { eventAction, dedupKey } = JSON.parse(message) as { eventAction: string; dedupKey: string };
  return `${eventAction} ${dedupKey}`;
}

/** Lets the weekly reports be written, and copies the page on everything from its bucket. */
async function fetchReport(demo: DemoAccount, deployment: Deployment, directory: string): Promise<string> {
  const { folder } = (await deployment.report('weekly')) as { folder: string };
  const client = new S3Client(sdkConfig(demo, DEMO_REGIONS[0]));
  const Key = `${folder}organization/report.html`;
  const { Body } = await client.send(new GetObjectCommand({ Bucket: deployment.reportBucket, Key }));
  const path = join(directory, 'weekly-report.html');
  await writeFileStream(path, (stream) => pipeline(Body as Readable, stream));
  client.destroy();
  return path;
}
