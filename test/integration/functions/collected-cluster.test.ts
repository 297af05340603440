import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { homeAccount } from '#demo/seed/tidewater.ts';
import { collectInside } from '#test/support/collect-inside.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const NAME = 'tide-prod';
const CLUSTER = `arn:aws:eks:us-east-1:${homeAccount}:cluster/${NAME}`;
const SCOPE = { regions: ['us-east-1'], services: ['eks', 'kubernetes'] };

let deployment: Deployment;
let inventory: string;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now), config: { scope: SCOPE } });
  inventory = `s3://${process.env.HULLCHECK_CONFIG_BUCKET}/clusters/${NAME}.jsonl`;
  await deployment.configure({ clusters: { collected: [{ cluster: CLUSTER, inventory, maxAgeHours: 24 }] } });
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

function home() {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
}

function inside() {
  const found = home().eks.clusters.find(({ cluster }) => cluster.name === NAME)?.kubernetes;
  if (found === undefined) throw new Error('the demo has no cluster');
  return found;
}

const nodeTuner = () =>
  [...home().security.findings.values()].find(
    ({ Id }) =>
      Id === `hullcheck/aws/${homeAccount}/us-east-1/workload-not-privileged/${CLUSTER}/legacy/DaemonSet/node-tuner`,
  );

test('a deployment judges a private cluster by what was left in the bucket, closes by it, and stops when it is old', async () => {
  await collectInside(NAME, inventory);
  await deployment.run();
  expect(nodeTuner()).toMatchObject({ RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } });

  // It is gone, but nobody has looked for too long: who connected would see it, who reads the file closes nothing.
  inside().objects = inside().objects.filter(({ metadata }) => !metadata.name.startsWith('node-tuner'));
  deployment.advance(25 * 3600);
  await deployment.run();
  expect(nodeTuner()).toMatchObject({ RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } });

  await collectInside(NAME, inventory);
  await deployment.run();
  expect(nodeTuner()).toMatchObject({ RecordState: 'ARCHIVED' });
});
