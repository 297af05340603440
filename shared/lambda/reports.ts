import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { reportOnLedger, reportOnStored, ruleSetOf } from '../compose-report.ts';
import { count, logger } from '../observability/telemetry.ts';
import type { ReportHead } from '../reports/model.ts';
import { objectLink } from '../sinks/console-link.ts';
import { announceReport } from '../sinks/sns/report-notice.ts';
import type { Topics } from '../sinks/sns/topic.ts';
import type { ReportDependencies, ReportNotice } from '../use-cases/report.ts';
import type { SnapshotDependencies } from '../use-cases/report-snapshot.ts';
import type { Turns } from '../use-cases/report-turn.ts';
import type { LambdaApp } from './composition-root.ts';

/** The function that makes reports, as Lambda knows it. */
export interface ReportFunction {
  readonly arn: string;
  readonly millisecondsLeft: () => number;
}

/** What a snapshot of a deployment's ledger is made with. */
export async function snapshotsIn(app: LambdaApp, own: ReportFunction): Promise<SnapshotDependencies> {
  const turns = await turnsIn(app, own);
  return { ...turns, ledger: await app.ledger, store: await app.reportBucket(), tool: await toolOf(app), warn };
}

async function turnsIn(app: LambdaApp, { millisecondsLeft }: ReportFunction): Promise<Turns> {
  return { leases: await app.ledger, now: () => app.now(), millisecondsLeft, wait: pause };
}

/** What the reports of a deployment are made with. */
export async function reportsIn(app: LambdaApp, own: ReportFunction, kind: string): Promise<ReportDependencies> {
  const { config, parameters, checkIds, waivers } = await app.settings();
  const ledger = await app.ledger;
  const options = {
    config,
    parameters,
    toolVersion: app.toolVersion,
    now: () => app.now(),
    title: `${kind.charAt(0).toUpperCase()}${kind.slice(1)} container security report`,
    ...(checkIds === undefined ? {} : { checkIds }),
    ...(waivers === undefined ? {} : { waivers }),
  };
  return {
    ...(await turnsIn(app, own)),
    store: await app.reportBucket(),
    compose: {
      fromLedger: ({ remarks, ...before }) => reportOnLedger(ledger, { ...options, ...before, trendRemarks: remarks }),
      fromStored: (head, rows, closed, { remarks, ...before }) =>
        reportOnStored(head, rows, closed, { ...options, ...before, trendRemarks: remarks }),
    },
    tell: (notice) => tell(notice, app, own),
    warn,
    goOn: async ({ kind: report, time, continued }) => {
      const client = await app.own(LambdaClient);
      const Payload = JSON.stringify({ report, time, continued });
      await client.send(new InvokeCommand({ FunctionName: own.arn, InvocationType: 'Event', Payload }));
    },
  };
}

async function toolOf(app: LambdaApp): Promise<ReportHead['tool']> {
  const { parameters } = await app.settings();
  return { name: 'hullcheck', version: app.toolVersion, ruleSetHash: ruleSetOf({ parameters }) };
}

/** That nobody could be told changes nothing of the report: it is counted and logged. */
async function tell(
  { kind, head, key, manifestSha256, slices }: ReportNotice,
  app: LambdaApp,
  { arn }: ReportFunction,
) {
  try {
    const { config } = await app.settings();
    const { sns } = config.publish;
    if (sns === undefined) return;
    const { name: bucket } = await app.reportBucket();
    const [, partition = 'aws', , region = ''] = arn.split(':');
    const consoleUrl = objectLink({ partition, region }, bucket, key);
    const problems = await announceReport(
      {
        kind,
        head,
        place: `s3://${bucket}/${key}`,
        manifestSha256,
        slices,
        ...(consoleUrl === undefined ? {} : { consoleUrl }),
      },
      {
        topics: sns.topics as Topics,
        ownership: {
          ...(sns.environment === undefined ? {} : { env: sns.environment }),
          ...(sns.team === undefined ? {} : { team: sns.team }),
        },
        clientFor: await app.clientTo('publishing'),
      },
    );
    for (const problem of problems) logger.error('Nobody was told where the report lies.', { key, reason: problem });
    count('Failures', problems.length);
  } catch (error) {
    logger.error('Nobody was told where the report lies.', error as Error);
    count('Failures', 1);
  }
}

function warn(sentence: string): void {
  logger.warn(sentence);
}
