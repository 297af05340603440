import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { GateRecord } from '#shared/domain/gate.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';
import { CLEAN, homeIn, REGISTRY, serviceRevisionIn, VULNERABLE } from '#test/support/gate.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now) });
});

afterEach(async () => {
  deployment.demo.faults.clear();
  deployment.advance(60);
  await deployment.configure({});
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const denied = { kind: 'deny', because: 'no-identity-policy' } as const;
const ask = (event: unknown) => deployment.deployed.functions.gate.invoke(event);
const request = async (...images: readonly string[]) => (await ask({ images })) as GateRecord;

describe('another account, for which the deployment has no role', () => {
  const FOREIGN = CLEAN.replace('111122223333', '999999999999');
  const definition = (account: string) =>
    (serviceRevisionIn(deployment.demo, 'secure-app').taskDefinition ?? '').replace('111122223333', account);

  test('is not looked at through the own account, which may have a repository of that name', async () => {
    const answer = await request(FOREIGN);

    expect(answer).toMatchObject({ decision: 'deny', objections: [] });
    expect(answer.says).toContain('it is in account 999999999999, for which the deployment has no role');
  });

  test('nor are its task definitions', async () => {
    expect(await ask({ taskDefinitions: [definition('111122223333')] })).toMatchObject({ decision: 'allow' });
    expect(await ask({ taskDefinitions: [definition('999999999999')] })).toMatchObject({
      decision: 'deny',
      objections: [],
    });
  });

  test('is let through where the gate is fail-open, and that is said', async () => {
    await deployment.configure({ gate: { whenNotLooked: 'allow' } });

    expect((await request(FOREIGN)).says).toMatch(/^Allowed although the gate could not look/);
  });
});

describe('what the gate asks of the registry', () => {
  const operationsOf = async (act: () => Promise<unknown>) => {
    const before = deployment.demo.recorder.calls().length;
    await act();
    return deployment.demo.recorder
      .calls()
      .slice(before)
      .map(({ operation }) => operation)
      .filter((operation) => operation.startsWith('ecr:'))
      .sort();
  };

  test('is each thing once', async () => {
    expect(await operationsOf(() => request(CLEAN))).toEqual([
      'ecr:BatchGetImage',
      'ecr:DescribeImageScanFindings',
      'ecr:DescribeImageSigningStatus',
      'ecr:DescribeImages',
      'ecr:GetDownloadUrlForLayer',
      'ecr:GetSigningConfiguration',
      'ecr:ListImageReferrers',
    ]);
  });

  test('is no content where images.configuration is off: nothing is pulled', async () => {
    await deployment.configure({ images: { configuration: false } });
    const asked = await operationsOf(async () => {
      expect(await request(CLEAN)).toMatchObject({ decision: 'allow' });
      expect(await request(VULNERABLE)).toMatchObject({ decision: 'deny' });
    });

    expect(asked).not.toContain('ecr:BatchGetImage');
    expect(asked).not.toContain('ecr:GetDownloadUrlForLayer');
  });

  test('T18: is the image of the architecture that the task definition names, where it names one', async () => {
    const index = `${REGISTRY}/tidewater/orders-api:v8.0.0`;
    const arn = serviceRevisionIn(deployment.demo, 'secure-app').taskDefinition;
    const found = homeIn(deployment.demo).ecs.taskDefinitions.find(
      (one) => one.taskDefinition.taskDefinitionArn === arn,
    );
    if (found === undefined) throw new Error('the demo has no such task definition');
    const { taskDefinition } = found;
    const { containerDefinitions, runtimePlatform } = taskDefinition;
    const images = async (cpuArchitecture: 'ARM64' | undefined) => {
      const definition = {
        containerDefinitions: [{ name: 'orders', image: index }],
        runtimePlatform: { cpuArchitecture },
      };
      Object.assign(taskDefinition, definition);
      const asked = await operationsOf(() => ask({ taskDefinitions: [arn] }));
      return asked.filter((operation) => operation === 'ecr:DescribeImageScanFindings').length;
    };
    try {
      expect(await images(undefined)).toBe(2);
      expect(await images('ARM64')).toBe(1);
    } finally {
      Object.assign(taskDefinition, { containerDefinitions, runtimePlatform });
    }
  });
});

describe('who is told of a denial', () => {
  test('is whoever has the organizational unit of its account', async () => {
    const arn = 'arn:aws:sns:us-east-1:111122223333:shop-alerts';
    const messages: { message: string }[] = [];
    homeIn(deployment.demo).topics.push({ arn, name: 'shop-alerts', attributes: {}, messages } as never);
    const route = { name: 'shop', match: { organizationalUnits: ['ou-shop'] }, topics: { machine: arn } };
    const { machine } = deployment.deployed.topics;
    await deployment.configure({ publish: { sns: { topics: { machine: machine.arn }, routes: [route] } } });
    await deployment.ledger.claimBaseline('111122223333', 'run-1');
    await deployment.ledger.updateAccount('111122223333', { organizationalUnits: ['r-1', 'ou-shop'] });
    const others = machine.messages.length;

    await request(VULNERABLE);
    expect(messages.map(({ message }) => JSON.parse(message))).toMatchObject([{ kind: 'gate', decision: 'deny' }]);
    expect(machine.messages).toHaveLength(others);

    deployment.demo.faults.add('dynamodb:GetItem', denied);
    await request(VULNERABLE);
    expect(machine.messages).toHaveLength(others + 1);
  });
});
