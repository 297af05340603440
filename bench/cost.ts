/**
 * `npm run cost -- --accounts 50 --busy-regions 2 …`: what a month of a deployment costs, by the formula of docs/cost.md.
 * What is not said is taken from the example of one account.
 */
import { parseArgs } from 'node:util';
import { estimate, type Workload } from './cost/model.ts';
import { deploymentOf, exampleOf } from './cost/page.ts';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1' },
    'busy-regions': { type: 'string', default: '1' },
    'empty-regions': { type: 'string', default: '0' },
    repositories: { type: 'string', default: '200' },
    families: { type: 'string', default: '300' },
    clusters: { type: 'string', default: '5' },
    scans: { type: 'string', default: '60' },
    events: { type: 'string', default: '3000' },
  },
});
const amount = (name: keyof typeof values): number => {
  const value = Number(values[name]);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Error(`--${name} is a number, not "${values[name]}".`);
};
const work: Workload = {
  accounts: amount('accounts'),
  busyRegions: amount('busy-regions'),
  emptyRegions: amount('empty-regions'),
  repositories: amount('repositories'),
  taskDefinitionFamilies: amount('families'),
  eksClusters: amount('clusters'),
  scansPerMonth: amount('scans'),
  eventsPerMonth: amount('events'),
};
const root = new URL('..', import.meta.url).pathname;
process.stdout.write(`${exampleOf('Your deployment', estimate(work, deploymentOf(root))).join('\n')}\n`);
