import { beforeEach, describe, expect, it } from 'vitest';
import { apiService, apiTask, apiTaskDefinition, ecsArn } from '#test/factories/ecs-api.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { collectEcs, mockAccount } from './mock-account.ts';

const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

beforeEach(() => mockAccount());

describe('T17: images that run', () => {
  it('are stated once for each repository, digest and user, by the digests of the tasks', async () => {
    const task = (number: number, overrides = {}) => apiTask({ taskArn: ecsArn(`task/prod/${number}`), ...overrides });
    const other = { containers: [{ name: 'app', image: `${IMAGE}:v7`, imageDigest: `sha256:${'b'.repeat(64)}` }] };
    mockAccount({
      clusters: [
        {
          services: [apiService()],
          tasks: [task(1), task(2), task(3, other), task(4, { group: 'family:web' })],
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    const { facts } = await collectEcs();
    const images = facts.filter((fact) => fact.kind === 'running-image');
    expect(images).toMatchObject([
      { key: `${ACCOUNT}/${REGION}/web`, digest: DIGEST, usedBy: ecsArn('cluster/prod'), cpuArchitecture: 'X86_64' },
      { key: `${ACCOUNT}/${REGION}/web`, digest: DIGEST, usedBy: ecsArn('service/prod/web') },
      { digest: `sha256:${'b'.repeat(64)}`, usedBy: ecsArn('service/prod/web') },
    ]);
    expect(images).toHaveLength(3);
  });

  it('T18: of one index on two architectures are two, because they are two images', async () => {
    const task = (number: number, cpu: string) =>
      apiTask({
        taskArn: ecsArn(`task/prod/${number}`),
        attributes: [{ name: 'ecs.cpu-architecture', value: cpu }],
      });
    mockAccount({
      clusters: [{ services: [apiService()], tasks: [task(1, 'x86_64'), task(2, 'arm64')] }],
      definitions: [apiTaskDefinition()],
    });
    const { facts } = await collectEcs();
    const images = facts.filter((fact) => fact.kind === 'running-image');

    expect(images).toMatchObject([{ cpuArchitecture: 'ARM64' }, { cpuArchitecture: 'X86_64' }]);
  });

  it('are in use as well where a rule or a schedule starts them, by the tag they are started by', async () => {
    const task = { TaskDefinitionArn: ecsArn('task-definition/nightly:1') };
    mockAccount({
      clusters: [{}],
      definitions: [apiTaskDefinition('nightly', 1, { containerDefinitions: [{ name: 'app', image: `${IMAGE}:v7` }] })],
      rules: [{ name: 'nightly', target: { Id: '1', Arn: ecsArn('cluster/prod'), EcsParameters: task } }],
    });
    const { facts, factsComplete } = await collectEcs();
    const images = facts.filter((fact) => fact.kind === 'running-image');

    expect(images).toMatchObject([
      { image: `${IMAGE}:v7`, startedLater: true, usedBy: expect.stringContaining(':rule/nightly') },
    ]);
    expect(images[0]).not.toHaveProperty('digest');
    expect(factsComplete).toContain('running-image');
  });

  it('without a digest are stated by what they are called, and only images of ECR are', async () => {
    const containers = [
      { name: 'app', image: `${IMAGE}:v7` },
      { name: 'sidecar', image: 'nginx:1.27', imageDigest: DIGEST },
      { name: 'managed' },
    ];
    mockAccount({ clusters: [{ tasks: [apiTask({ containers })] }], definitions: [apiTaskDefinition()] });
    const { facts } = await collectEcs();
    const images = facts.filter((fact) => fact.kind === 'running-image');
    expect(images).toMatchObject([{ image: `${IMAGE}:v7` }]);
    expect(images[0]).not.toHaveProperty('digest');
  });
});
