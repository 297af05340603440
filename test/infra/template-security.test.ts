import { afterAll, describe, expect, test } from 'vitest';
import { collectors } from '#shared/collectors/index.generated.ts';
import { fixes } from '#shared/fixes/index.generated.ts';
import { QUEUE_INDEX } from '#shared/ledger/dynamodb.ts';
import {
  actionsOf,
  allowed,
  FUNCTIONS,
  isAllowed,
  isOf,
  type OwnedStatement,
  packageStages,
  resourcesOf,
  type Template,
  type TemplateResource,
  targetOf,
  type Value,
} from '#test/support/template.ts';

/** Reading actions that know no resource; all others of the same kind must name theirs. */
const GET_WITHOUT_RESOURCE = new Set([
  'ecr:GetRegistryPolicy',
  'ecr:GetRegistryScanningConfiguration',
  'ecr:GetSigningConfiguration',
  'iam:GetAccountAuthorizationDetails',
  'inspector2:BatchGetAccountStatus',
  'tag:GetResources',
]);
/** Of the fixes: settings of a registry have no ARN, and enhanced scanning asks for what enables it. */
const FIX_WITHOUT_RESOURCE = new Set(['ecr:PutRegistryScanningConfiguration', 'inspector2:Enable']);
/** Of the gate: the jobs of pipelines have no ARN. */
const ANSWER_WITHOUT_RESOURCE = new Set(['codepipeline:PutJobFailureResult', 'codepipeline:PutJobSuccessResult']);
/** Leases, so that reports of a kind are made by one invocation at a time. */
const TURNS_ONLY = {
  'ForAllValues:StringEquals': {
    'dynamodb:LeadingKeys': ['lease#report daily', 'lease#report weekly', 'lease#report monthly'],
  },
};
/** What functions may write to that the deployment does not own. */
const WRITTEN_ELSEWHERE = [
  'arn:${AWS::Partition}:iam::*:role/hullcheck-*',
  'arn:${AWS::Partition}:securityhub:*:${AWS::AccountId}:hub/default',
  'arn:${AWS::Partition}:securityhub:*:${AWS::AccountId}:product/${AWS::AccountId}/default',
  // Topics that teams have for their alert routes: of this account, and by name.
  'arn:${AWS::Partition}:sns:*:${AWS::AccountId}:hullcheck-route-*',
];

/** The deployment's own, which has to be named before it is made. */
const OWN_BY_NAME = [':log-group:/aws/lambda/hullcheck-', ':function:hullcheck-'];

const stages = packageStages();

afterAll(() => {
  for (const [, template] of stages) template.remove();
});

describe.for(stages)('the packaged template of %s', ([, template]) => {
  describe('permissions', () => {
    test('name every action: no wildcards', () => {
      const wild = allStatements(template).filter(
        (one) => isAllowed(one) && actionsOf(one).some((action) => /[*?]/.test(action)),
      );

      expect(wild).toEqual([]);
    });

    test('are granted to nobody in general', () => {
      const open = allStatements(template).filter(
        ({ Effect, Principal, owner }) =>
          Effect === 'Allow' && JSON.stringify(Principal ?? '').includes('*') && owner !== 'CentralBusPolicy',
      );

      expect(open).toEqual([]);
      expect(template.ofType('AWS::Lambda::Permission')).toEqual([]);
      expect(template.ofType('AWS::Lambda::Url')).toEqual([]);
    });

    test('to tell of changes are granted to the forwarding roles of one organization, where there is one', () => {
      const { Condition, Properties } = template.resource('CentralBusPolicy');

      expect(Condition).toBe('InOrganization');
      expect(Properties.Statement).toMatchObject({
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: { 'Fn::GetAtt': ['CentralBus', 'Arn'] },
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': 'none' },
          ArnLike: { 'aws:PrincipalArn': { 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:role/hullcheck-forward' } },
        },
      });
    });

    test('on everything are only for what lists or describes, and for what knows no resource', () => {
      const onEverything = ['AWS::IAM::Role', 'AWS::IAM::ManagedPolicy']
        .flatMap((type) => template.statementsOf(type))
        .filter((one) => isAllowed(one) && resourcesOf(one).includes('*'))
        .flatMap(actionsOf);

      expect(
        onEverything.filter(
          (action) =>
            !/:(?:Describe|List)[A-Z]/.test(action) &&
            !GET_WITHOUT_RESOURCE.has(action) &&
            !FIX_WITHOUT_RESOURCE.has(action) &&
            !ANSWER_WITHOUT_RESOURCE.has(action),
        ),
      ).toEqual([]);
    });

    test('of the reading policy are those of the collectors, which only get, list and describe', () => {
      const actions = statementsOfPolicy(template, 'ReadingPolicy').flatMap(actionsOf);

      expect(actions.toSorted()).toEqual([...new Set(collectors.flatMap(({ permissions }) => permissions))].sort());
      expect(actions.filter((action) => !isReading(action))).toEqual([]);
    });

    test('to read parameters end at those that AWS publishes', () => {
      const reading = allStatements(template).filter((one) => actionsOf(one).some(isOf('ssm')));

      expect(reading.map(resourcesOf)).toEqual([['arn:${AWS::Partition}:ssm:*::parameter/aws/service/*']]);
    });

    test('of the report and the watch do not change what is remembered, but for the turns of reports', () => {
      for (const name of ['Report', 'Watch']) {
        const ofTable = allowed(template, `${name}Role`).filter((one) => actionsOf(one).some(isOf('dynamodb')));
        const reading = ofTable.filter(({ Condition }) => Condition === undefined);
        const bound = ofTable.filter(({ Condition }) => Condition !== undefined);
        expect(reading.flatMap(actionsOf).filter(isOf('dynamodb')).toSorted(), name).toEqual([
          'dynamodb:BatchGetItem',
          'dynamodb:GetItem',
          'dynamodb:Query',
        ]);
        expect(
          bound.map(({ Condition }) => Condition),
          name,
        ).toEqual(name === 'Watch' ? [] : [TURNS_ONLY]);
      }
    });

    test('of functions write only to what the deployment owns, to Security Hub, and to other accounts by role', () => {
      for (const name of FUNCTIONS.filter((one) => one !== 'Respond')) {
        const written = allowed(template, `${name}Role`)
          .filter((one) => !actionsOf(one).every(isReading))
          .flatMap(resourcesOf)
          .filter((resource) => resource.startsWith('arn:') && !OWN_BY_NAME.some((own) => resource.includes(own)));
        expect(WRITTEN_ELSEWHERE, name).toEqual(expect.arrayContaining(written));
      }
    });
  });

  describe('fixing', () => {
    test('is switched off: no event comes, and the policy that lets things be changed is not attached', () => {
      expect(template.parameters.Respond).toMatchObject({
        Default: 'DISABLED',
        AllowedValues: ['DISABLED', 'ENABLED'],
      });
      expect(template.resource('CustomActionRule').Properties.State).toBe('DISABLED');
      expect(template.resource('RespondingPolicy')).toMatchObject({ Condition: 'RespondIsOn' });
    });

    test('is allowed to its own role alone, exactly as the fixes declare', () => {
      const { Properties } = template.resource('RespondingPolicy');
      const declared = new Set(fixes.flatMap(({ permissions }) => permissions));

      expect(Properties.Roles.map(targetOf)).toEqual(['RespondRole']);
      expect(statementsOfPolicy(template, 'RespondingPolicy').flatMap(actionsOf).toSorted()).toEqual(
        [...declared].sort(),
      );
      const users = template.all.filter(({ Properties: role }) =>
        (role.ManagedPolicyArns ?? []).map(targetOf).includes('RespondingPolicy'),
      );
      expect(users).toEqual([]);
    });

    test('leaves evidence, and neither publishes nor changes what is remembered', () => {
      const actions = allowed(template, 'RespondRole').flatMap(actionsOf);
      const evidence = allowed(template, 'RespondRole').find((one) => actionsOf(one).includes('s3:PutObject'));

      expect(evidence?.Resource).toEqual({ 'Fn::Sub': '${ReportBucket.Arn}/responses/*' });
      expect(actions.filter((action) => /^(?:securityhub|sns):/.test(action))).toEqual([]);
      expect(actions.filter(isOf('dynamodb')).toSorted()).toEqual([
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:Query',
      ]);
    });
  });

  describe('at rest', () => {
    test('everything is encrypted, all but the deployment bucket with the key', () => {
      const keyOf: Record<string, (properties: TemplateResource['Properties']) => Value> = {
        'AWS::SQS::Queue': ({ KmsMasterKeyId }) => KmsMasterKeyId,
        'AWS::SNS::Topic': ({ KmsMasterKeyId }) => KmsMasterKeyId,
        'AWS::Logs::LogGroup': ({ KmsKeyId }) => KmsKeyId,
        'AWS::SecretsManager::Secret': ({ KmsKeyId }) => KmsKeyId,
        'AWS::DynamoDB::Table': ({ SSESpecification }) => SSESpecification.KMSMasterKeyId,
        'AWS::S3::Bucket': ({ BucketEncryption }) =>
          BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID,
      };
      for (const [type, read] of Object.entries(keyOf)) {
        const resources = template.ofType(type).filter(({ id }) => id !== 'ServerlessDeploymentBucket');
        expect(resources.length, type).toBeGreaterThan(0);
        for (const { id, Properties } of resources) expect(targetOf(read(Properties)), id).toBe('Key');
      }
      expect(template.resource('Table').Properties.SSESpecification).toMatchObject({
        SSEEnabled: true,
        SSEType: 'KMS',
      });
      expect(template.resource('ServerlessDeploymentBucket').Properties.BucketEncryption).toBeDefined();
      expect(template.resource('Key').Properties.EnableKeyRotation).toBe(true);
    });

    test('the table is the one the ledger expects, recoverable and paid by use', () => {
      expect(template.resource('Table').Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [{ IndexName: QUEUE_INDEX, Projection: { ProjectionType: 'KEYS_ONLY' } }],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    });
  });

  describe('in transit', () => {
    test.for([
      ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
      ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
      ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
    ] as const)('every %s refuses what comes without TLS', ([type, policyType, attached]) => {
      const refusing = template
        .ofType(policyType)
        .filter(({ id }) =>
          template
            .statementsOf(policyType)
            .some(
              ({ owner, Effect, Principal, Condition }) =>
                owner === id &&
                Effect === 'Deny' &&
                Principal === '*' &&
                String(Condition?.Bool?.['aws:SecureTransport']) === 'false',
            ),
        )
        .flatMap(({ Properties }) => Properties[attached]);

      expect(refusing.map(targetOf).sort()).toEqual(
        template
          .ofType(type)
          .map(({ id }) => id)
          .sort(),
      );
    });
  });

  test('reports are locked for as many days as the stage says, not at all by default, and never for longer than they are kept', () => {
    const { ObjectLockEnabled, ObjectLockConfiguration, LifecycleConfiguration } =
      template.resource('ReportBucket').Properties;
    const nothing = { Ref: 'AWS::NoValue' };
    const rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 0 } };

    expect(template.parameters.ReportObjectLockDays).toMatchObject({ Type: 'Number', Default: 0 });
    expect(ObjectLockEnabled).toEqual({ 'Fn::If': ['ReportsAreLocked', true, nothing] });
    expect(ObjectLockConfiguration).toEqual({
      'Fn::If': ['ReportsAreLocked', { ObjectLockEnabled: 'Enabled', Rule: rule }, nothing],
    });
    const [{ ExpirationInDays, NoncurrentVersionExpiration }] = LifecycleConfiguration.Rules;
    expect(ExpirationInDays).toBeGreaterThan(rule.DefaultRetention.Days);
    expect(NoncurrentVersionExpiration.NoncurrentDays).toBeGreaterThan(rule.DefaultRetention.Days);
  });

  test('no bucket can be made public, and all are versioned', () => {
    for (const { id, Properties } of template.ofType('AWS::S3::Bucket')) {
      expect(Properties.PublicAccessBlockConfiguration, id).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(Properties.VersioningConfiguration, id).toEqual({ Status: 'Enabled' });
    }
  });
});

test('prod keeps what it knows when its stack is removed', () => {
  const [, template] = stages.find(([stage]) => stage === 'prod') ?? [];

  for (const id of ['Key', 'Table', 'HashKey', 'ConfigBucket', 'ReportBucket']) {
    expect(template?.resource(id).DeletionPolicy, id).toBe('Retain');
  }
});

function statementsOfPolicy(template: Template, id: string): readonly OwnedStatement[] {
  return template.statementsOf('AWS::IAM::ManagedPolicy').filter(({ owner }) => owner === id);
}

function allStatements(template: Template): readonly OwnedStatement[] {
  return [...new Set(template.all.map(({ Type }) => Type))].flatMap((type) => template.statementsOf(type));
}

function isReading(action: string): boolean {
  return /:(?:BatchGet|Describe|Get|List)[A-Z]/.test(action);
}
