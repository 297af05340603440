import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const REPOSITORIES = ['tidewater/secure-app', 'tidewater/sandbox'] as const;
const findingOf = (repository: string) =>
  `hullcheck/aws/111122223333/us-east-1/ecr-repository-not-public/arn:aws:ecr:us-east-1:111122223333:repository/${repository}`;

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { scope: { regions: ['us-east-1'], services: ['ecr'] }, publish: { securityHub: { resolveOnFix: true } } },
  });
  await deployment.run();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const held = (repository: string) => {
  const findings = deployment.demo.world.accounts[0]?.regions[0]?.security.findings.values() ?? [];
  return [...findings].find(({ Id }) => Id === findingOf(repository));
};

async function afterwards(act: () => unknown): Promise<void> {
  act();
  deployment.advance(60);
  await deployment.recheck();
}

test('where it is configured, a fix resolves the workflow as well, but not what an analyst suppressed', async () => {
  const [fixed, accepted] = REPOSITORIES;
  const { repositories, analyst } = deployment.change;
  for (const repository of REPOSITORIES) await afterwards(() => repositories.makePublic(repository));
  await afterwards(() => analyst.suppress(findingOf(accepted), 'public on purpose'));
  expect(held(fixed)).toMatchObject({ RecordState: 'ACTIVE', Workflow: { Status: 'NEW' } });

  for (const repository of REPOSITORIES) await afterwards(() => repositories.deletePolicy(repository));

  const archived = { RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } };
  expect(held(fixed)).toMatchObject({ ...archived, Workflow: { Status: 'RESOLVED' } });
  expect(held(accepted)).toMatchObject({ ...archived, Workflow: { Status: 'SUPPRESSED' } });
});

test('what comes back is new again', async () => {
  const [repository] = REPOSITORIES;
  await afterwards(() => deployment.change.repositories.makePublic(repository));

  expect(held(repository)).toMatchObject({ RecordState: 'ACTIVE', Workflow: { Status: 'NEW' } });
});
