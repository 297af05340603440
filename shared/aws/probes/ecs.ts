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
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListDaemonsCommand,
  ListDaemonTaskDefinitionsCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { arnOf, NOTHING, type PermissionProbe, type ProbePlace } from './probe.ts';

/** A well-formed id of a task or an instance that nothing has. */
const NO_ID = '0'.repeat(32);
const NO_REVISION = '0'.repeat(19);

const noCluster = ['ClusterNotFoundException'];
/** For what is named by an ARN, ECS has two ways to say that it does not exist. */
const noSuchArn = ['ClientException', 'InvalidParameterException'];

const ecs = ({ clientFor }: ProbePlace) => clientFor(ECSClient);

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html */
export const ecsProbes = {
  'ecs:DescribeCapacityProviders': {
    call: (place) => ecs(place).send(new DescribeCapacityProvidersCommand({ capacityProviders: ['FARGATE'] })),
  },
  'ecs:DescribeClusters': {
    call: (place) => ecs(place).send(new DescribeClustersCommand({ clusters: [NOTHING] })),
  },
  'ecs:DescribeContainerInstances': {
    call: (place) =>
      ecs(place).send(new DescribeContainerInstancesCommand({ cluster: NOTHING, containerInstances: [NO_ID] })),
    refusals: noCluster,
  },
  'ecs:DescribeDaemon': {
    call: (place) =>
      ecs(place).send(new DescribeDaemonCommand({ daemonArn: arnOf(place, 'ecs', `daemon/${NOTHING}/${NOTHING}`) })),
    refusals: [...noCluster, ...noSuchArn, 'DaemonNotFoundException'],
  },
  'ecs:DescribeDaemonRevisions': {
    call: (place) =>
      ecs(place).send(
        new DescribeDaemonRevisionsCommand({
          daemonRevisionArns: [arnOf(place, 'ecs', `daemon-revision/${NOTHING}/${NOTHING}/${NO_REVISION}`)],
        }),
      ),
    refusals: [...noCluster, ...noSuchArn, 'DaemonNotFoundException'],
  },
  'ecs:DescribeDaemonTaskDefinition': {
    call: (place) => ecs(place).send(new DescribeDaemonTaskDefinitionCommand({ daemonTaskDefinition: `${NOTHING}:1` })),
    refusals: noSuchArn,
  },
  'ecs:DescribeServiceRevisions': {
    call: (place) =>
      ecs(place).send(
        new DescribeServiceRevisionsCommand({
          serviceRevisionArns: [arnOf(place, 'ecs', `service-revision/${NOTHING}/${NOTHING}/${NO_REVISION}`)],
        }),
      ),
    refusals: [...noCluster, ...noSuchArn, 'ServiceNotFoundException'],
  },
  'ecs:DescribeServices': {
    call: (place) => ecs(place).send(new DescribeServicesCommand({ cluster: NOTHING, services: [NOTHING] })),
    refusals: noCluster,
  },
  'ecs:DescribeTaskDefinition': {
    call: (place) => ecs(place).send(new DescribeTaskDefinitionCommand({ taskDefinition: `${NOTHING}:1` })),
    refusals: noSuchArn,
  },
  'ecs:DescribeTasks': {
    call: (place) => ecs(place).send(new DescribeTasksCommand({ cluster: NOTHING, tasks: [NO_ID] })),
    refusals: noCluster,
  },
  'ecs:ListClusters': {
    call: (place) => ecs(place).send(new ListClustersCommand({ maxResults: 1 })),
  },
  'ecs:ListContainerInstances': {
    call: (place) => ecs(place).send(new ListContainerInstancesCommand({ cluster: NOTHING, maxResults: 1 })),
    refusals: noCluster,
  },
  'ecs:ListDaemonTaskDefinitions': {
    call: (place) => ecs(place).send(new ListDaemonTaskDefinitionsCommand({ maxResults: 1 })),
  },
  'ecs:ListDaemons': {
    call: (place) =>
      ecs(place).send(new ListDaemonsCommand({ clusterArn: arnOf(place, 'ecs', `cluster/${NOTHING}`), maxResults: 1 })),
    refusals: noCluster,
  },
  'ecs:ListServices': {
    call: (place) => ecs(place).send(new ListServicesCommand({ cluster: NOTHING, maxResults: 1 })),
    refusals: noCluster,
  },
  'ecs:ListTaskDefinitionFamilies': {
    call: (place) => ecs(place).send(new ListTaskDefinitionFamiliesCommand({ maxResults: 1 })),
  },
  'ecs:ListTasks': {
    call: (place) => ecs(place).send(new ListTasksCommand({ cluster: NOTHING, maxResults: 1 })),
    refusals: noCluster,
  },
} as const satisfies Record<string, PermissionProbe>;
