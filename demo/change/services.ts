import type { ContainerDefinition, Deployment } from '@aws-sdk/client-ecs';
import type { AwsEvent } from '../events.ts';
import { revisionsOf } from '../seed/ecs-revisions.ts';
import { deployment } from '../seed/ecs-services.ts';
import { tasksOf } from '../seed/ecs-tasks.ts';
import type { TaskDefinitionSettings } from '../seed/task-definition.ts';
import { idOf } from '../seed/tidewater.ts';
import type { EcsClusterState, RegisteredTaskDefinition } from '../world/ecs-state.ts';
import { type ChangePlace, recordCall } from './cloud-trail.ts';

type ServiceState = EcsClusterState['services'][number];

/** What a new revision changes about the one before it. */
export type RevisionChange = (before: RegisteredTaskDefinition['taskDefinition']) => TaskDefinitionSettings;

/** A change of the first container of a task definition. */
export function ofFirstContainer(change: Partial<ContainerDefinition>): RevisionChange {
  return ({ containerDefinitions: [first, ...others] = [] }) => ({
    containerDefinitions: [{ ...first, ...change }, ...others],
  });
}

/** Changes to task definitions and services, made the way a delivery pipeline makes them. */
export class ServiceChanges {
  readonly #place: ChangePlace;

  constructor(place: ChangePlace) {
    this.#place = place;
  }

  /** Registers the next revision of a family. @returns `family:revision` */
  register(family: string, change: RevisionChange = () => ({})): string {
    const { account, region, now } = this.#place;
    const before = region.ecs.taskDefinitions
      .filter(({ taskDefinition }) => taskDefinition.family === family)
      .reduce((newest, one) => (one.taskDefinition.revision > newest.taskDefinition.revision ? one : newest));
    const revision = before.taskDefinition.revision + 1;
    const taskDefinition = {
      ...before.taskDefinition,
      status: 'ACTIVE' as const,
      ...change(before.taskDefinition),
      revision,
      taskDefinitionArn: `arn:aws:ecs:${region.name}:${account.id}:task-definition/${family}:${revision}`,
      registeredAt: now(),
      registeredBy: `arn:aws:sts::${account.id}:assumed-role/deployer/ci`,
    };
    region.ecs.taskDefinitions.push({ taskDefinition, tags: before.tags });
    const shown = withoutEnvironment(taskDefinition);
    const { taskDefinitionArn, revision: _, status, registeredAt, registeredBy, compatibilities, ...request } = shown;
    recordCall(this.#place, {
      service: 'ecs',
      name: 'RegisterTaskDefinition',
      request,
      response: { taskDefinition: shown },
    });
    return `${family}:${revision}`;
  }

  /** Points a service at a revision: its tasks are replaced when {@link finishDeployment} says so. */
  updateService(cluster: string, name: string, familyAndRevision: string): void {
    const { account, region, now } = this.#place;
    const { service } = this.#find(cluster, name);
    const taskDefinition = `arn:aws:ecs:${region.name}:${account.id}:task-definition/${familyAndRevision}`;
    const [running] = service.deployments ?? [];
    const place = { account: account.id, region: region.name };
    const next: Deployment = {
      ...deployment(name, 'PRIMARY', familyAndRevision, 0, place),
      createdAt: now(),
      updatedAt: now(),
    };
    service.deployments = [next, ...(running ? [{ ...running, status: 'ACTIVE' }] : [])];
    service.taskDefinition = taskDefinition;
    const revisionId = Number.parseInt(idOf(`revision ${name} ${familyAndRevision}`, 12), 16);
    const arn = `${service.serviceArn.replace(':service/', ':service-revision/')}/${revisionId}`;
    const [before] = service.currentServiceRevisions ?? [];
    service.currentServiceRevisions = [{ arn, requestedTaskCount: 2, runningTaskCount: 0 }];
    const [revision] = revisionsOf([service], region.ecs.taskDefinitions);
    if (revision) region.ecs.serviceRevisions.push({ ...revision, createdAt: now() });
    if (before) service.currentServiceRevisions.push(before);
    const { events, ...shown } = service;
    recordCall(this.#place, {
      service: 'ecs',
      name: 'UpdateService',
      request: { cluster, service: name, taskDefinition: familyAndRevision },
      response: { service: shown },
    });
    this.#tellDeployment(service, 'IN_PROGRESS');
  }

  /** The new tasks run and the old ones are gone. */
  finishDeployment(cluster: string, name: string): AwsEvent {
    const { region, now } = this.#place;
    const { state, service } = this.#find(cluster, name);
    const [next] = service.deployments ?? [];
    if (!next) throw new Error(`${name} has no deployment`);
    service.deployments = [
      {
        ...next,
        runningCount: service.desiredCount ?? 0,
        desiredCount: service.desiredCount,
        pendingCount: 0,
        updatedAt: now(),
        rolloutState: 'COMPLETED',
        rolloutStateReason: 'ECS deployment completed.',
      },
    ];
    service.currentServiceRevisions = (service.currentServiceRevisions ?? [])
      .slice(0, 1)
      .map((one) => ({ ...one, runningTaskCount: service.desiredCount }));
    const group = `service:${name}`;
    const instances = state.tasks.flatMap((task) =>
      task.group === group && task.containerInstanceArn ? [task.containerInstanceArn] : [],
    );
    const tasks = tasksOf(service, region.ecs.taskDefinitions, [...new Set(instances)]).map((task) => ({
      ...task,
      createdAt: now(),
      startedAt: now(),
    }));
    state.tasks = [...state.tasks.filter((task) => task.group !== group), ...tasks];
    return this.#tellDeployment(service, 'COMPLETED');
  }

  /** Registers a revision, updates the service and waits until its tasks run. @returns `family:revision` */
  rollOut(cluster: string, name: string, change: RevisionChange): string {
    const family = this.#find(cluster, name).service.taskDefinition?.split('/')[1]?.split(':')[0] ?? '';
    const familyAndRevision = this.register(family, change);
    this.updateService(cluster, name, familyAndRevision);
    this.finishDeployment(cluster, name);
    return familyAndRevision;
  }

  #find(cluster: string, name: string): { state: EcsClusterState; service: ServiceState } {
    const state = this.#place.region.ecs.clusters.find((one) => one.cluster.clusterName === cluster);
    const service = state?.services.find(({ serviceName }) => serviceName === name);
    if (!state || !service) throw new Error(`There is no service ${name} in a cluster ${cluster}`);
    return { state, service };
  }

  /** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
  #tellDeployment({ serviceArn, deployments }: ServiceState, step: 'IN_PROGRESS' | 'COMPLETED'): AwsEvent {
    const { account, region, bus, now } = this.#place;
    const deploymentId = deployments?.[0]?.id;
    const reason = step === 'COMPLETED' ? 'completed' : 'in progress';
    return bus.post({
      'detail-type': 'ECS Deployment State Change',
      source: 'aws.ecs',
      account: account.id,
      region: region.name,
      resources: [serviceArn],
      detail: {
        eventType: 'INFO',
        eventName: `SERVICE_DEPLOYMENT_${step}`,
        deploymentId,
        updatedAt: now(),
        reason: `ECS deployment ${deploymentId} ${reason}.`,
      },
    });
  }
}

/** The values of environment variables are left out: nothing reads them, and some hold the demo's fake secrets. */
function withoutEnvironment<T extends { containerDefinitions?: ContainerDefinition[] | undefined }>(definition: T): T {
  const containerDefinitions = definition.containerDefinitions?.map(({ environment, dockerLabels, ...rest }) => rest);
  return { ...definition, containerDefinitions };
}
