import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeDaemonCommand,
  DescribeDaemonRevisionsCommand,
  DescribeDaemonTaskDefinitionCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListAccountSettingsCommand,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListDaemonsCommand,
  ListDaemonTaskDefinitionsCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  paginateListTaskDefinitions,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let ecs: ECSClient;
const cluster = 'harbor-fargate';

beforeAll(async () => {
  demo = await startSeeded();
  ecs = new ECSClient(configOf(demo));
});

afterAll(() => demo.close());

describe('the demo ECS', () => {
  it('returns cluster settings and configuration only when they are included', async () => {
    const { clusterArns } = await ecs.send(new ListClustersCommand({}));
    expect(clusterArns).toHaveLength(4);
    const plain = await ecs.send(new DescribeClustersCommand({ clusters: [cluster, 'nowhere'] }));
    expect(plain.clusters?.[0]?.settings).toEqual([]);
    expect(plain.clusters?.[0]?.configuration).toBeUndefined();
    expect(plain.failures?.[0]?.reason).toBe('MISSING');
    const full = await ecs.send(
      new DescribeClustersCommand({ clusters: [cluster], include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS'] }),
    );
    expect(full.clusters?.[0]?.settings).toEqual([{ name: 'containerInsights', value: 'enhanced' }]);
    expect(full.clusters?.[0]?.configuration?.executeCommandConfiguration?.logging).toBe('OVERRIDE');
  });

  it('lists ten services when nothing else is said, and describes at most ten', async () => {
    const { serviceArns, nextToken } = await ecs.send(new ListServicesCommand({ cluster }));
    expect(serviceArns).toHaveLength(8);
    expect(nextToken).toBeUndefined();
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns }));
    const orders = services?.find((service) => service.serviceName === 'orders-api');
    expect(orders?.deployments?.map((deployment) => deployment.rolloutState)).toEqual(['IN_PROGRESS', 'COMPLETED']);
    expect(orders?.createdAt).toEqual(new Date('2025-04-02T11:20:00Z'));
    expect(orders?.tags).toBeUndefined();
    const loyalty = services?.find((service) => service.serviceName === 'loyalty-points');
    expect(loyalty?.taskSets?.[0]?.networkConfiguration?.awsvpcConfiguration?.assignPublicIp).toBe('ENABLED');
    const eleven = Array.from({ length: 11 }, (_, index) => `s${index}`);
    const error = await refusal(ecs.send(new DescribeServicesCommand({ cluster, services: eleven })));
    expect(error.name).toBe('InvalidParameterException');
  });

  it('refuses a cluster that does not exist', async () => {
    const error = await refusal(ecs.send(new ListServicesCommand({ cluster: 'nowhere' })));
    expect(error.name).toBe('ClusterNotFoundException');
  });

  it('describes tasks with the digests they run', async () => {
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, serviceName: 'secure-app' }));
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    expect(tasks).toHaveLength(2);
    expect(tasks?.[0]?.containers?.[0]?.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(tasks?.[0]?.startedAt).toBeInstanceOf(Date);
    const stopped = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'STOPPED' }));
    expect(stopped.taskArns).toEqual([]);
  });

  it('describes container instances with their agents', async () => {
    const { containerInstanceArns } = await ecs.send(new ListContainerInstancesCommand({ cluster: 'dock-ec2' }));
    const { containerInstances } = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster: 'dock-ec2', containerInstances: containerInstanceArns }),
    );
    expect(containerInstances?.map((one) => one.agentConnected)).toEqual([true, true, false]);
    expect(containerInstances?.[1]?.versionInfo?.agentVersion).toBe('1.68.2');
  });

  it('describes a family as its latest active revision, and an inactive revision only while it runs', async () => {
    const latest = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'legacy-billing' }));
    expect(latest.taskDefinition?.revision).toBe(4);
    const running = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'legacy-billing:3' }));
    expect(running.taskDefinition?.status).toBe('INACTIVE');
    const gone = await refusal(ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'secure-app:11' })));
    expect([gone.name, gone.message]).toEqual(['ClientException', 'Unable to describe task definition.']);
    const tagged = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'secure-app', include: ['TAGS'] }),
    );
    expect(tagged.tags).toEqual([{ key: 'team', value: 'platform' }]);
  });

  it('lists families and revisions, in pages and in both orders', async () => {
    const families = await ecs.send(new ListTaskDefinitionFamiliesCommand({ status: 'ACTIVE' }));
    expect(families.families?.length).toBeGreaterThanOrEqual(20);
    const ofOrders = { familyPrefix: 'orders-api', sort: 'DESC' } as const;
    const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand(ofOrders));
    expect(taskDefinitionArns?.map((arn) => arn.split(':').at(-1))).toEqual(['8', '7']);
    const paged: string[] = [];
    for await (const page of paginateListTaskDefinitions({ client: ecs, pageSize: 7 }, {})) {
      paged.push(...(page.taskDefinitionArns ?? []));
    }
    const all = await ecs.send(new ListTaskDefinitionsCommand({}));
    expect(paged).toEqual(all.taskDefinitionArns);
    const inactive = await ecs.send(new ListTaskDefinitionsCommand({ status: 'INACTIVE' }));
    expect(inactive.taskDefinitionArns).toHaveLength(2);
  });

  it('knows revisions of services, capacity providers and account settings', async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: ['secure-app'] }));
    const serviceRevisionArns = [services?.[0]?.currentServiceRevisions?.[0]?.arn ?? ''];
    const revisions = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
    expect(revisions.serviceRevisions?.[0]?.containerImages?.[0]?.imageDigest).toMatch(/^sha256:/);
    const providers = await ecs.send(new DescribeCapacityProvidersCommand({ capacityProviders: ['dock-instances'] }));
    expect(providers.capacityProviders?.[0]?.autoScalingGroupProvider?.managedTerminationProtection).toBe('DISABLED');
    const settings = await ecs.send(new ListAccountSettingsCommand({ effectiveSettings: true }));
    expect(settings.settings?.map((setting) => setting.name)).toContain('guardDutyActivate');
  });

  it('knows managed daemons, which no other list shows', async () => {
    const { daemonSummariesList } = await ecs.send(new ListDaemonsCommand({}));
    const daemonArn = daemonSummariesList?.[0]?.daemonArn ?? '';
    const { daemon } = await ecs.send(new DescribeDaemonCommand({ daemonArn }));
    const daemonRevisionArns = [daemon?.currentRevisions?.[0]?.arn ?? ''];
    const { daemonRevisions } = await ecs.send(new DescribeDaemonRevisionsCommand({ daemonRevisionArns }));
    const { daemonTaskDefinitions } = await ecs.send(new ListDaemonTaskDefinitionsCommand({}));
    expect(daemonTaskDefinitions?.[0]?.arn).toBe(daemonRevisions?.[0]?.daemonTaskDefinitionArn);
    const { daemonTaskDefinition } = await ecs.send(
      new DescribeDaemonTaskDefinitionCommand({ daemonTaskDefinition: daemonTaskDefinitions?.[0]?.arn }),
    );
    expect(daemonTaskDefinition?.containerDefinitions?.[0]?.user).toBe('root');
  });
});
