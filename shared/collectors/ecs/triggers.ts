import {
  type ChangeEvent,
  listAt,
  onCalls,
  onEvents,
  type Touched,
  type Trigger,
  textAt,
} from '../../domain/trigger.ts';
import { parseDefinitionReference } from './uses.ts';

const SERVICE_CALLS = [
  'CreateService',
  'CreateTaskSet',
  'DeleteService',
  'DeleteTaskSet',
  'UpdateService',
  'UpdateServicePrimaryTaskSet',
  'UpdateTaskSet',
];

const CLUSTER_CALLS = [
  'CreateCluster',
  'DeleteCluster',
  'PutClusterCapacityProviders',
  'UpdateCluster',
  'UpdateClusterSettings',
];

/** Calls whose effect reaches over all clusters; rare, so that a scan of the service answers them. */
const EVERYTHING_CALLS = [
  'CreateCapacityProvider',
  'CreateDaemon',
  'DeleteCapacityProvider',
  'DeleteDaemon',
  'RegisterDaemonTaskDefinition',
  'UpdateCapacityProvider',
  'UpdateDaemon',
];

/** What a deployment says when it is over; that it began is told by the call that began it. */
const DEPLOYMENT_ENDS = new Set(['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED']);

/**
 * What happens to task definitions, services and clusters. RunTask is not among it: single tasks come and go by the
 * thousand, and the next scan sees those that stay.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/logging-using-cloudtrail.html
 */
export const ecsTriggers: readonly Trigger[] = [
  onCalls('ecs', ['RegisterTaskDefinition', 'DeregisterTaskDefinition'], (event) =>
    family(
      event,
      textAt(event.detail, 'responseElements', 'taskDefinition', 'taskDefinitionArn') ??
        textAt(event.detail, 'requestParameters', 'taskDefinition') ??
        textAt(event.detail, 'requestParameters', 'family'),
    ),
  ),
  onCalls('ecs', ['DeleteTaskDefinitions'], (event) =>
    listAt(event.detail, 'requestParameters', 'taskDefinitions').flatMap((reference) =>
      family(event, typeof reference === 'string' ? reference : undefined),
    ),
  ),
  onCalls('ecs', SERVICE_CALLS, (event) => {
    const { detail } = event;
    return service(
      event,
      textAt(detail, 'responseElements', 'service', 'serviceArn') ??
        textAt(detail, 'responseElements', 'taskSet', 'serviceArn') ??
        textAt(detail, 'requestParameters', 'service') ??
        textAt(detail, 'requestParameters', 'serviceName'),
      textAt(detail, 'responseElements', 'service', 'clusterArn') ?? textAt(detail, 'requestParameters', 'cluster'),
    );
  }),
  onCalls('ecs', CLUSTER_CALLS, (event) => {
    const { detail } = event;
    const name =
      textAt(detail, 'requestParameters', 'clusterName') ?? textAt(detail, 'requestParameters', 'cluster') ?? 'default';
    return [{ ...everything(event), resource: { type: 'AwsEcsCluster', name: lastPart(name) } }];
  }),
  onCalls('ecs', ['TagResource', 'UntagResource'], (event) =>
    tagged(event, textAt(event.detail, 'requestParameters', 'resourceArn')),
  ),
  onCalls('ecs', EVERYTHING_CALLS, (event) => [everything(event)]),
  onEvents('aws.ecs', ['ECS Deployment State Change'], (event) =>
    DEPLOYMENT_ENDS.has(textAt(event.detail, 'eventName') ?? '')
      ? event.resources.flatMap((arn) => service(event, arn, undefined))
      : [],
  ),
];

function family(event: ChangeEvent, reference: string | undefined): readonly Touched[] {
  const target = { accountId: event.accountId, region: event.region, partition: '' };
  const parsed = reference === undefined ? undefined : parseDefinitionReference(reference, target);
  if (parsed === undefined) return [];
  return [{ ...everything(event), resource: { type: 'AwsEcsTaskDefinition', name: parsed.family } }];
}

/** A service by its ARN or name; the cluster of one without either is the one called `default`. */
function service(event: ChangeEvent, reference: string | undefined, cluster: string | undefined): readonly Touched[] {
  if (reference === undefined) return [];
  const [, clusterInArn] = /:service\/([^/]+)\/[^/]+$/.exec(reference) ?? [];
  return [
    {
      ...everything(event),
      resource: {
        type: 'AwsEcsService',
        name: lastPart(reference),
        cluster: clusterInArn ?? lastPart(cluster ?? 'default'),
        ...(reference.startsWith('arn:') ? { arn: reference } : {}),
      },
    },
  ];
}

function tagged(event: ChangeEvent, arn: string | undefined): readonly Touched[] {
  const [, kind] = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:([\w-]+)\//.exec(arn ?? '') ?? [];
  if (arn === undefined || kind === undefined) return [];
  if (kind === 'task-definition') return family(event, arn);
  if (kind === 'service') return service(event, arn, undefined);
  if (kind === 'cluster') return [{ ...everything(event), resource: { type: 'AwsEcsCluster', name: lastPart(arn) } }];
  return [];
}

function everything({ accountId, region }: ChangeEvent): Touched {
  return { service: 'ecs', accountId, region };
}

function lastPart(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}
