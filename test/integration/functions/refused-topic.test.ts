import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const PAGER = 'arn:aws:sns:us-east-1:111122223333:hullcheck-demo-machine';
const MAIL = 'arn:aws:sns:us-east-1:111122223333:security-mail';
const REPOSITORY = 'tidewater/secure-app';
const SCOPE = { regions: ['us-east-1'], services: ['ecr', 'ecs'] };
const FINDING = `hullcheck/aws/111122223333/us-east-1/ecr-repository-not-public/arn:aws:ecr:us-east-1:111122223333:repository/${REPOSITORY}`;

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const sns = { topics: { machine: PAGER, human: MAIL } };
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now), config: { scope: SCOPE, publish: { sns } } });
  create(MAIL);
  await deployment.run();
  deployment.advance(60);
  await deployment.recheck();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

function topics() {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region.topics;
}

function create(arn: string): void {
  topics().push({ arn, name: arn.split(':').at(-1) ?? '', attributes: {}, messages: [] });
}

function remove(arn: string): void {
  const index = topics().findIndex((one) => one.arn === arn);
  topics().splice(index, 1);
}

/** What the incident tool got since the last call, by its deduplication keys. */
function paged(): readonly string[] {
  return taken(PAGER).map(({ message }) => JSON.parse(message).dedupKey);
}

/** What people got since the last call. */
function mailed(): readonly (string | undefined)[] {
  return taken(MAIL).map(({ attributes }) => attributes.kind?.value);
}

function taken(arn: string) {
  return (
    topics()
      .find((one) => one.arn === arn)
      ?.messages.splice(0) ?? []
  );
}

async function nextRun(): Promise<void> {
  deployment.advance(12 * 3600);
  await deployment.run();
  await deployment.recheck();
}

test('an alert that one of two topics refused is sent again to that topic alone, under the same key, once', async () => {
  taken(PAGER);
  taken(MAIL);
  remove(PAGER);
  deployment.change.repositories.makePublic(REPOSITORY);
  deployment.advance(60);
  await deployment.recheck();
  expect(mailed()).toEqual(['alert']);

  // Nobody has repaired it yet: the other topic is left in peace.
  await nextRun();
  expect(mailed()).toEqual([]);

  create(PAGER);
  await nextRun();
  expect(paged()).toEqual([FINDING]);
  expect(mailed()).toEqual([]);

  await nextRun();
  expect([...mailed(), ...paged()]).toEqual([]);

  deployment.change.repositories.deletePolicy(REPOSITORY);
  deployment.advance(60);
  await deployment.recheck();
  expect(paged()).toEqual([FINDING]);
  expect(mailed()).toEqual([]);
});
