import { beforeEach, describe, expect, it } from 'vitest';
import { apiService, apiTask, apiTaskDefinition, ecsArn } from '#test/factories/ecs-api.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { collectEcs, mockAccount } from './mock-account.ts';

const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

beforeEach(() => mockAccount());

describe('a service', () => {
  it('is read with its definition, network, images and running tasks', async () => {
    const revisionArn = ecsArn('service-revision/prod/web/1');
    mockAccount({
      clusters: [
        {
          services: [
            apiService({
              currentServiceRevisions: [{ arn: revisionArn }],
              loadBalancers: [{ containerName: 'app', containerPort: 8080 }],
              deploymentConfiguration: {
                strategy: 'BLUE_GREEN',
                lifecycleHooks: [{ hookTargetArn: 'arn:gate', lifecycleStages: ['PRE_SCALE_UP'] }],
              },
            }),
          ],
          tasks: [apiTask()],
        },
      ],
      serviceRevisions: [
        {
          serviceRevisionArn: revisionArn,
          serviceArn: ecsArn('service/prod/web'),
          taskDefinition: ecsArn('task-definition/web:7'),
          containerImages: [{ containerName: 'app', image: `${IMAGE}:v7`, imageDigest: DIGEST }],
          guardDutyEnabled: true,
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    const { services, families } = await collectEcs();
    expect(services).toMatchObject([
      {
        uid: ecsArn('service/prod/web'),
        cluster: 'prod',
        inUse: 'yes',
        launchTypes: ['FARGATE'],
        deploymentController: 'ECS',
        taskDefinition: { known: true, value: { family: 'web', revision: 7 } },
        networkMode: 'awsvpc',
        assignPublicIp: 'DISABLED',
        securityGroups: { known: true, value: [{ id: 'sg-1', ingress: [{ cidrs: ['10.0.0.0/8'], fromPort: 443 }] }] },
        hasLoadBalancer: true,
        lifecycleHooks: [{ targetArn: 'arn:gate', stages: ['PRE_SCALE_UP'] }],
        deploymentStrategy: 'BLUE_GREEN',
        currentRevision: {
          known: true,
          value: { revisionArn, guardDutyEnabled: true, containerImages: [{ imageDigest: DIGEST }] },
        },
        runningTasks: { known: true, value: [{ containers: [{ name: 'app', imageDigest: DIGEST }] }] },
      },
    ]);
    expect(families[0]?.revisionsInUse[0]?.uses[0]?.loadBalancedContainers).toEqual(['app']);
  });

  it('T19: that says nothing about public addresses keeps nothing, so that the default can be told from a choice', async () => {
    const service = apiService({
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
    });
    mockAccount({ clusters: [{ services: [service] }], definitions: [apiTaskDefinition()] });
    expect((await collectEcs()).services[0]).not.toHaveProperty('assignPublicIp');
  });

  it('has undecidable security groups where it names none: those are the default ones of the VPC', async () => {
    const service = apiService({ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } });
    mockAccount({ clusters: [{ services: [service] }], definitions: [apiTaskDefinition()] });
    expect((await collectEcs()).services[0]?.securityGroups).toMatchObject({
      known: false,
      reason: { kind: 'undecidable' },
    });
  });

  it('is not in use when it is scaled to nothing, and left out when it is INACTIVE', async () => {
    mockAccount({
      clusters: [
        {
          services: [
            apiService({ desiredCount: 0, runningCount: 0 }),
            apiService({ serviceName: 'deleted', status: 'INACTIVE' }),
          ],
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    expect((await collectEcs()).services).toMatchObject([{ name: 'web', inUse: 'no' }]);
  });

  it('with task sets shows one for each status, under a name that survives deployments', async () => {
    const taskSet = (id: string, status: string, assignPublicIp: 'ENABLED' | 'DISABLED') => ({
      taskSetArn: ecsArn(`task-set/prod/web/ecs-svc/${id}`),
      status,
      taskDefinition: ecsArn('task-definition/web:7'),
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp } },
    });
    const service = apiService({
      deploymentController: { type: 'EXTERNAL' },
      taskSets: [
        taskSet('1', 'PRIMARY', 'DISABLED'),
        taskSet('2', 'ACTIVE', 'ENABLED'),
        taskSet('3', 'ACTIVE', 'DISABLED'),
      ],
    });
    mockAccount({ clusters: [{ services: [service] }], definitions: [apiTaskDefinition()] });
    const { taskSets } = await collectEcs();
    expect(taskSets.map(({ uid, assignPublicIp }) => [uid, assignPublicIp])).toEqual([
      [ecsArn('task-set/prod/web/ecs-svc/PRIMARY'), 'DISABLED'],
      [ecsArn('task-set/prod/web/ecs-svc/ACTIVE'), 'ENABLED'],
    ]);
  });
});
