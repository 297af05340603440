import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ofFirstContainer } from '#demo/change/services.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now) });
  await deployment.run();
  deployment.advance(60);
  await deployment.recheck();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const home = () => {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
};
const messages = () => home().topics.flatMap((topic) => topic.messages.map(({ message }) => JSON.parse(message)));
const finding = (id: string) => [...home().security.findings.values()].find((one) => one.Id === id);

/** What the functions asked of AWS while `act` was rechecked, the ledger and the configuration aside. */
async function callsOf(act: () => unknown): Promise<Record<string, number>> {
  act();
  deployment.advance(60);
  const before = deployment.demo.recorder.calls().length;
  await deployment.recheck();
  const counts: Record<string, number> = {};
  for (const { operation } of deployment.demo.recorder.calls().slice(before)) {
    if (operation.startsWith('dynamodb:') || operation === 's3:GetObject') continue;
    counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}

/** Every row of the region, without what every look changes. */
async function rows(service: string): Promise<readonly string[]> {
  const found: string[] = [];
  const accountId = deployment.demo.world.accounts[0]?.id ?? '';
  for await (const row of deployment.ledger.rowsOfScope({ accountId, region: 'us-east-1', service })) {
    found.push([row.finding.id, row.status, row.publish.state, row.alert].join(' '));
  }
  return found.sort();
}

describe('the calls that a change costs, warm', () => {
  test('a registered task definition: the latest revision, and each other one in use', async () => {
    const calls = await callsOf(() => deployment.change.services.register('price-refresh'));

    expect(calls).toEqual({ 'ecs:DescribeTaskDefinition': 2 });
  });

  test('a registered task definition that fails at once, told to Security Hub and to people: at most six', async () => {
    const calls = await callsOf(() =>
      deployment.change.services.register('nightly-reconcile', ofFirstContainer({ privileged: true, user: 'root' })),
    );

    expect(Object.values(calls).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(6);
    expect(calls).toMatchObject({ 'ecs:DescribeTaskDefinition': 1, 'securityhub:BatchImportFindings': 1 });
  });

  test('a pushed image: one call for each thing a repository is judged by', async () => {
    const calls = await callsOf(() => deployment.change.repositories.push('tidewater/orders-api', 'next'));

    expect(Object.values(calls).every((count) => count === 1)).toBe(true);
    expect(Object.keys(calls).length).toBeLessThanOrEqual(9);
  });

  test('a deployment: the service, its tasks, its revision, and the definitions it runs', async () => {
    const calls = await callsOf(() => deployment.change.services.rollOut('dock-ec2', 'unbounded-worker', () => ({})));

    expect(calls).toEqual({
      'ecs:DescribeServices': 1,
      'ecs:ListTasks': 1,
      'ecs:DescribeTasks': 1,
      'ecs:DescribeServiceRevisions': 1,
      'ecs:DescribeTaskDefinition': 1,
    });
  });
});

describe('what events do', () => {
  test('a rollout that changes no practice says nothing', async () => {
    const before = messages().length;
    const calls = await callsOf(() => deployment.change.services.rollOut('dock-ec2', 'unbounded-worker', () => ({})));

    expect(calls).not.toHaveProperty('securityhub:BatchImportFindings');
    expect(messages()).toHaveLength(before);
  });

  test('a deployment that runs another image looks again at the repository of it, once', async () => {
    const image = '111122223333.dkr.ecr.us-east-1.amazonaws.com/tidewater/secure-app:2.4.1';
    const change = ofFirstContainer({ image });

    const calls = await callsOf(() => deployment.change.services.rollOut('dock-ec2', 'unbounded-worker', change));
    const again = await callsOf(() => deployment.change.services.finishDeployment('dock-ec2', 'unbounded-worker'));

    expect(calls['ecr:DescribeImages']).toBe(1);
    expect(again).not.toHaveProperty('ecr:DescribeImages');
  });

  test('a deleted repository is archived', async () => {
    const id = 'hullcheck/aws/111122223333/us-east-1';
    const ofSandbox = () =>
      [...home().security.findings.values()].filter(
        (one) => one.Id?.startsWith(id) && one.Id.endsWith('repository/tidewater/sandbox'),
      );
    expect(ofSandbox().some(({ RecordState }) => RecordState === 'ACTIVE')).toBe(true);

    await callsOf(() => deployment.change.repositories.delete('tidewater/sandbox'));

    expect(ofSandbox().every(({ RecordState }) => RecordState === 'ARCHIVED')).toBe(true);
  });

  test('a call that failed changes nothing and costs nothing', async () => {
    expect(await callsOf(() => deployment.change.repositories.failToSetPolicy('tidewater/orders-api'))).toEqual({});
  });

  test('the same event twice, or later, ends in the same state', async () => {
    deployment.change.repositories.push('tidewater/storefront', 'twice');
    deployment.advance(60);
    await deployment.recheck();
    const once = await rows('ecr');

    await callsOf(() => {
      for (const tag of ['again', 'and-again']) deployment.change.repositories.push('tidewater/storefront', tag);
    });

    expect(await rows('ecr')).toEqual(once);
  });

  test('200 events within a window: at most six messages, and each repository is read once a batch', async () => {
    const before = messages().length;
    const names = ['tidewater/secure-app', 'tidewater/orders-api', 'tidewater/storefront', 'tidewater/recipe-importer'];
    const more = ['tidewater/freight-tracker', 'tidewater/pos-gateway', 'legacy/billing', 'partners/price-feed'];
    const all = [...names, ...more, 'tidewater/log-router', 'dockerhub/library/nginx'];

    const calls = await callsOf(() => {
      for (let event = 0; event < 200; event += 1) {
        deployment.change.repositories.makePublic(all[event % all.length] ?? '');
      }
    });

    const sent = messages().slice(before);
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThanOrEqual(6);
    // Twenty batches of ten.
    expect(calls['ecr:DescribeRepositories']).toBeLessThanOrEqual(200);
  });
});

describe("analysts' decisions", () => {
  test('are kept, and a suppressed finding that comes back wakes nobody', async () => {
    const [alerted] = messages().filter(({ eventAction, kind }) => eventAction === 'trigger' && kind === 'alert');
    const id: string = alerted.dedupKey;
    const repository = id.slice(id.indexOf('repository/') + 'repository/'.length);
    await callsOf(() => deployment.change.analyst.suppress(id, 'public on purpose'));

    const [accountId, region, service] = ['111122223333', 'us-east-1', 'ecr'];
    const kept = await deployment.ledger.readRow({ accountId, region, service, findingId: id });
    expect(kept?.workflow).toMatchObject({ status: 'SUPPRESSED', byUs: false });

    const before = messages().length;
    await callsOf(() => deployment.change.repositories.deletePolicy(repository));
    await callsOf(() => deployment.change.repositories.makePublic(repository));
    expect(
      messages()
        .slice(before)
        .filter(({ eventAction }) => eventAction === 'trigger'),
    ).toEqual([]);
    expect(finding(id)).toMatchObject({ RecordState: 'ACTIVE', Workflow: { Status: 'SUPPRESSED' } });
  });
});
