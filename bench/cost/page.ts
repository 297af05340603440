import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deployment, type Estimate, estimate, type Workload } from './model.ts';
import { PRICES } from './prices.ts';

interface Example {
  readonly title: string;
  readonly work: Workload;
}

/** The worked examples of docs/cost.md. */
const EXAMPLES: readonly Example[] = [
  {
    title: 'One account, one region: 200 repositories, 300 task definitions, 5 clusters',
    work: {
      accounts: 1,
      busyRegions: 1,
      emptyRegions: 0,
      repositories: 200,
      taskDefinitionFamilies: 300,
      eksClusters: 5,
      scansPerMonth: 60,
      eventsPerMonth: 3000,
    },
  },
  {
    title: '50 accounts × 17 regions, of which 2 hold 40 repositories, 60 task definitions and a cluster',
    work: {
      accounts: 50,
      busyRegions: 2,
      emptyRegions: 15,
      repositories: 40,
      taskDefinitionFamilies: 60,
      eksClusters: 1,
      scansPerMonth: 60,
      eventsPerMonth: 1000,
    },
  },
  {
    title: '1,000 accounts × 17 regions, of which 1 holds 20 repositories, 30 task definitions and a cluster',
    work: {
      accounts: 1000,
      busyRegions: 1,
      emptyRegions: 16,
      repositories: 20,
      taskDefinitionFamilies: 30,
      eksClusters: 1,
      scansPerMonth: 60,
      eventsPerMonth: 500,
    },
  },
];

/** What the tree deploys whatever there is to do: alarms, and the metrics that functions count. */
export function deploymentOf(root: string): Deployment {
  const matches = (file: string, pattern: RegExp) => readFileSync(join(root, file), 'utf8').match(pattern)?.length ?? 0;
  return {
    alarms: matches('infra/resources/alarms.yml', /^ {6}AlarmName:/gm),
    metrics: matches('shared/observability/telemetry.ts', /^ {2}\| '\w+'/gm),
  };
}

/** The generated part of docs/cost.md: prices, and what the formula makes of the examples. */
export function costTables(deployment: Deployment): string {
  return [
    '### Prices',
    '',
    '| per | USD | source |',
    '| --- | --: | --- |',
    ...Object.values(PRICES).map(({ usd, per, source }) => `| ${per} | ${plain(usd)} | ${source} |`),
    '',
    '### Examples',
    '',
    ...EXAMPLES.flatMap(({ title, work }) => exampleOf(title, estimate(work, deployment))),
  ].join('\n');
}

/** The tables of one estimate. */
export function exampleOf(title: string, result: Estimate): readonly string[] {
  const { findings, callsPerScan, imageCallsPerScan, secondsPerBusyRegion, gbSeconds, lines, usdPerMonth } = result;
  return [
    `**${title}**: about ${count(findings)} verdicts and ${count(callsPerScan)} API calls a scan ` +
      `(${count(imageCallsPerScan)} of them for images), ` +
      `${count(secondsPerBusyRegion)} seconds a busy region, ${count(gbSeconds)} GB-seconds a month.`,
    '',
    '| | USD a month |',
    '| --- | --: |',
    ...lines.map(({ item, usd }) => `| ${item} | ${money(usd)} |`),
    `| **together** | **${money(usdPerMonth)}** |`,
    `| Security Hub in the first month instead | ${money(result.firstMonthImportsUsd)} |`,
    '',
  ];
}

function money(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Small prices without an exponent. */
function plain(usd: number): string {
  return usd.toFixed(12).replace(/\.?0+$/, '');
}
