import { describe, expect, test } from 'vitest';
import { collectors } from '#shared/collectors/index.generated.ts';
import { type ChangeEvent, CLOUDTRAIL_CALL, patternOf, settles, touchedBy } from '#shared/domain/trigger.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { digest, repositoryImages, running } from '#test/factories/ecr.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { denied } from '#test/support/judge.ts';

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

  describe('what is found in an image', () => {
    const finding = (number: number) =>
      event({
        source: 'aws.inspector2',
        detailType: 'Inspector2 Finding',
        resources: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/app/${digest(number)}`],
      });
    const scanned = (number: number) =>
      event({
        source: 'aws.ecr',
        detailType: 'ECR Image Scan',
        detail: { 'repository-name': 'team/app', 'image-digest': digest(number) },
      });
    const stated = (images: Parameters<typeof repositoryImages>[0]) => {
      const facts = new FactStore([], new Map());
      facts.add(repositoryImages(images, { key: `${ACCOUNT}/${REGION}/team/app`, repositoryName: 'team/app' }));
      return facts;
    };
    const images = [{ service: 'images', type: 'AwsEcrContainerImage', name: 'team/app' }];
    const touchedWith = (change: ChangeEvent, facts: FactStore) =>
      touchedBy(triggers, change, facts).map(({ service, resource }) => ({ service, ...resource }));

    test('are the images of the repository in its ARN, where it is one of those that run', () => {
      const facts = stated({ running: [running(1)] });

      expect(touchedWith(finding(1), facts)).toEqual(images);
      expect(touchedWith(scanned(1), facts)).toEqual(images);
    });

    test('are nothing where it is an image that is not judged', () => {
      const facts = stated({ running: [running(1)] });

      expect(touchedWith(finding(2), facts)).toEqual([]);
      expect(touchedWith(scanned(2), facts)).toEqual([]);
    });

    test('are the images where an index runs, whose images nobody has stated', () => {
      expect(touchedWith(finding(2), stated({ running: [running(1, { isIndex: true })] }))).toEqual(images);
    });

    test('are the images where none is known to run and it is one of the newest', () => {
      const newest = [{ digest: digest(2), tags: ['v2'], isIndex: false }];

      expect(touchedWith(finding(2), stated({ running: [], newest }))).toEqual(images);
    });

    test('are the images where an event does not say which, or the listing was denied', () => {
      const unnamed = { ...scanned(1), detail: { 'repository-name': 'team/app' } };
      const unlisted = new FactStore([], new Map());
      const overrides = { key: `${ACCOUNT}/${REGION}/team/app`, images: denied('ecr:DescribeImages') };
      unlisted.add(repositoryImages({}, overrides));

      expect(touchedWith(unnamed, stated({ running: [running(1)] }))).toEqual(images);
      expect(touchedWith(finding(1), unlisted)).toEqual(images);
    });

    test('is a repository that nobody has stated yet: its images follow', () => {
      expect(touched(finding(1))).toEqual([{ service: 'ecr', type: 'AwsEcrRepository', name: 'team/app' }]);
    });

    test('is told to who administers Inspector as well, and is in the account that its ARN names', () => {
      const told = { ...finding(1), accountId: '999988887777' };

      expect(touchedBy(triggers, told, stated({ running: [running(1)] }))).toMatchObject([
        { service: 'images', accountId: ACCOUNT },
      ]);
    });

    test('is nothing for what Inspector finds elsewhere', () => {
      const inInstance = { ...finding(1), resources: ['i-0c2a343f1948d5205'] };

      expect(touched(inInstance)).toEqual([]);
    });

    test('comes in swarms, unlike a push', () => {
      const push = event({ source: 'aws.ecr', detailType: 'ECR Image Action' });

      expect([finding(1), scanned(1), push].map((change) => settles(triggers, change))).toEqual([true, true, false]);
    });
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
