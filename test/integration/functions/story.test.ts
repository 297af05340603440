import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ofFirstContainer } from '#demo/change/services.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now) });
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const messages = () =>
  deployment.demo.world.accounts[0]?.regions.flatMap(({ topics }) => topics.flatMap((one) => one.messages)) ?? [];
const imports = () => deployment.demo.recorder.count('securityhub:BatchImportFindings');
const active = () =>
  deployment.demo.world.accounts[0]?.regions.flatMap(({ security }) =>
    [...security.findings.values()].filter(({ RecordState }) => RecordState === 'ACTIVE'),
  ) ?? [];

/** What happens while `act` does: how often findings were imported and what was sent. */
async function during(act: () => Promise<void>) {
  const [importsBefore, messagesBefore] = [imports(), messages().length];
  deployment.advance(60);
  await act();
  return { imports: imports() - importsBefore, messages: messages().slice(messagesBefore) };
}

describe('a deployment, from its first run on', () => {
  test('the first run publishes every failure and tells one baseline message (OC-3)', async () => {
    const first = await during(() => deployment.run());

    expect(active().length).toBeGreaterThan(50);
    expect(first.messages.map(({ message }) => JSON.parse(message).kind)).toEqual(['baseline']);
    const last = await deployment.ledger.lastFinishedRun();
    expect(last).toMatchObject({ complete: true });
    expect(last?.scopes).toHaveLength(16);
  });

  test('the same world again is silence: no import, no message (SH-7, OC-1)', async () => {
    const second = await during(() => deployment.run());

    expect(second).toEqual({ imports: 0, messages: [] });
  });

  test('a change is rechecked, published and alerted once', async () => {
    deployment.change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: true }));

    const told = await during(() => deployment.recheck());

    expect(told.imports).toBe(1);
    expect(told.messages).toHaveLength(1);
    expect(JSON.parse(told.messages[0]?.message ?? '{}')).toMatchObject({ eventAction: 'trigger' });
  });

  test('the scan after the recheck says nothing again (OC-1)', async () => {
    const third = await during(() => deployment.run());

    expect(third).toEqual({ imports: 0, messages: [] });
  });

  test('a fix sends one resolve', async () => {
    deployment.change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: false }));

    const told = await during(() => deployment.recheck());

    expect(told.messages.map(({ message }) => JSON.parse(message).eventAction)).toEqual(['resolve']);
  });

  test('a deleted repository is archived, and nobody is woken', async () => {
    const ofRepository = () =>
      active().filter(({ Id }) => Id?.includes('/ecr-') && Id.endsWith(':repository/tidewater/recipe-importer'));
    expect(ofRepository()).toHaveLength(1);
    deployment.change.repositories.delete('tidewater/recipe-importer');

    const told = await during(() => deployment.recheck());

    expect(ofRepository()).toEqual([]);
    expect(told).toEqual({ imports: 1, messages: [] });
  });

  test('a rollout that changes no practice says nothing', async () => {
    const environment = [{ name: 'LOG_LEVEL', value: 'debug' }];
    deployment.change.services.rollOut('harbor-fargate', 'secure-app', ofFirstContainer({ environment }));

    const told = await during(() => deployment.recheck());

    expect(told).toEqual({ imports: 0, messages: [] });
  });

  test('the report holds every row of the ledger', async () => {
    const { folder, findings } = await deployment.report('daily');

    expect(folder).toBe('reports/daily/2026-11-23/');
    expect(findings).toBeGreaterThan(100);
  });

  test('the watch has nothing to say', async () => {
    expect(await deployment.watch()).toMatchObject({ problems: [] });
  });
});
