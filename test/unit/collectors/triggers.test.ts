import { describe, expect, test } from 'vitest';
import { collectors } from '#shared/collectors/index.generated.ts';
import { type ChangeEvent, CLOUDTRAIL_CALL, patternOf, touchedBy } from '#shared/domain/trigger.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';

const triggers = collectors.flatMap((collector) => collector.triggers ?? []);
const noFacts = new FactStore([], new Map());

function event(overrides: Partial<ChangeEvent>): ChangeEvent {
  return {
    id: 'e1',
    source: 'aws.ecs',
    detailType: CLOUDTRAIL_CALL,
    accountId: ACCOUNT,
    region: REGION,
    time: '2026-11-23T12:00:00Z',
    resources: [],
    detail: {},
    ...overrides,
  };
}

function call(service: string, eventName: string, detail: Record<string, unknown> = {}): ChangeEvent {
  return event({
    source: `aws.${service}`,
    detail: { eventSource: `${service}.amazonaws.com`, eventName, ...detail },
  });
}

const touched = (change: ChangeEvent) =>
  touchedBy(triggers, change, noFacts).map(({ service, resource }) => ({ service, ...resource }));
const arn = (resource: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${resource}`;

describe('what an event touches', () => {
  test('a registered task definition is its family, not its revision', () => {
    const responseElements = { taskDefinition: { taskDefinitionArn: arn('task-definition/api:7') } };

    expect(touched(call('ecs', 'RegisterTaskDefinition', { responseElements }))).toEqual([
      { service: 'ecs', type: 'AwsEcsTaskDefinition', name: 'api' },
    ]);
  });

  test('a call that failed changed nothing', () => {
    const detail = { errorCode: 'ClientException', requestParameters: { family: 'api' } };

    expect(touched(call('ecs', 'RegisterTaskDefinition', detail))).toEqual([]);
  });

  test('a service is found by its ARN, with the cluster in it', () => {
    const responseElements = { service: { serviceArn: arn('service/prod/web'), clusterArn: arn('cluster/prod') } };

    expect(touched(call('ecs', 'UpdateService', { responseElements }))).toEqual([
      { service: 'ecs', type: 'AwsEcsService', name: 'web', cluster: 'prod', arn: arn('service/prod/web') },
    ]);
  });

  test('a service in a call without a cluster is in the one called default', () => {
    expect(touched(call('ecs', 'DeleteService', { requestParameters: { service: 'web' } }))).toEqual([
      { service: 'ecs', type: 'AwsEcsService', name: 'web', cluster: 'default' },
    ]);
  });

  test('a deployment is looked at when it is over, not while it goes on', () => {
    const deployment = (eventName: string) =>
      event({ detailType: 'ECS Deployment State Change', resources: [arn('service/prod/web')], detail: { eventName } });

    expect(touched(deployment('SERVICE_DEPLOYMENT_IN_PROGRESS'))).toEqual([]);
    expect(touched(deployment('SERVICE_DEPLOYMENT_COMPLETED'))).toHaveLength(1);
  });

  test('a pushed image is its repository; a push that failed is nothing', () => {
    const push = (result: string) =>
      event({
        source: 'aws.ecr',
        detailType: 'ECR Image Action',
        detail: { result, 'repository-name': 'team/app', 'action-type': 'PUSH' },
      });

    expect(touched(push('SUCCESS'))).toEqual([{ service: 'ecr', type: 'AwsEcrRepository', name: 'team/app' }]);
    expect(touched(push('FAILURE'))).toEqual([]);
  });

  test('a finding of Inspector names the image in its ARN; the repository is what is judged', () => {
    const finding = event({
      source: 'aws.inspector2',
      detailType: 'Inspector2 Finding',
      resources: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/app/sha256:36c7b282abd0186e`],
    });

    expect(touched(finding)).toEqual([{ service: 'ecr', type: 'AwsEcrRepository', name: 'team/app' }]);
  });

  test('a registry policy holds for all repositories: the whole service is looked at again', () => {
    expect(touched(call('ecr', 'PutRegistryPolicy'))).toEqual([{ service: 'ecr' }]);
  });

  test('EKS names the cluster in one of two parameters', () => {
    const expected = [{ service: 'eks', type: 'AwsEksCluster', name: 'prod' }];

    expect(touched(call('eks', 'CreateAccessEntry', { requestParameters: { name: 'prod' } }))).toEqual(expected);
    expect(touched(call('eks', 'CreateAddon', { requestParameters: { clusterName: 'prod' } }))).toEqual(expected);
  });

  test('a node group is found in its cluster', () => {
    const requestParameters = { clusterName: 'prod', nodegroupName: 'blue' };

    expect(touched(call('eks', 'UpdateNodegroupConfig', { requestParameters }))).toEqual([
      { service: 'eks', type: 'AwsEksNodegroup', name: 'blue', cluster: 'prod' },
    ]);
  });

  test('an identity provider in IAM is the cluster whose issuer it is for, whichever region IAM reports from', () => {
    const facts = new FactStore([], new Map());
    facts.add({
      kind: 'eks-cluster',
      key: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
      accountId: ACCOUNT,
      region: 'eu-west-1',
      observedAt: '2026-11-23T12:00:00.000Z',
      name: 'prod',
      runsOnEc2: { known: true, value: true },
      runsOnFargate: { known: true, value: false },
      autoMode: false,
      oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
    });
    const providerArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE`;
    const change = call('iam', 'DeleteOpenIDConnectProvider', {
      requestParameters: { openIDConnectProviderArn: providerArn },
    });

    expect(touchedBy(triggers, { ...change, region: 'us-east-1' }, facts)).toEqual([
      { service: 'eks', accountId: ACCOUNT, region: 'eu-west-1', resource: { type: 'AwsEksCluster', name: 'prod' } },
    ]);
  });

  test('lost coverage of GuardDuty is the cluster it names', () => {
    const lost = event({
      source: 'aws.guardduty',
      detailType: 'GuardDuty Runtime Protection Unhealthy',
      detail: { resourceDetails: { resourceType: 'EKS', eksClusterDetails: { clusterName: 'prod' } } },
    });

    expect(touched(lost)).toEqual([{ service: 'guardduty', type: 'ClusterRuntimeCoverage', name: 'prod' }]);
  });

  test.for([null, 'text', 7, [], { requestParameters: null }, { requestParameters: { repositoryName: 7 } }])(
    'an event with the odd detail %j touches nothing and breaks nothing',
    (detail) => {
      for (const { source, detailTypes } of triggers) {
        for (const detailType of detailTypes) {
          expect(() => touchedBy(triggers, event({ source, detailType, detail }), noFacts)).not.toThrow();
        }
      }
    },
  );
});

describe('the rules that forward events', () => {
  test('a rule for calls leaves out those that failed', () => {
    const [calls] = triggers.filter((trigger) => trigger.calls !== undefined);

    expect(patternOf(calls as NonNullable<typeof calls>).detail?.errorCode).toEqual([{ exists: false }]);
  });

  test('every event that is forwarded touches a resource that its collector can read again, or the whole service', () => {
    for (const collector of collectors) {
      if (collector.collectOne === undefined) expect(collector.recheckableTypes).toBeUndefined();
      else expect(collector.recheckableTypes).not.toEqual([]);
    }
  });
});
