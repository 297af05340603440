import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ORGANIZATION_PERMISSIONS } from '#shared/aws/organization.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { ROOT } from '#test/support/all-checks.ts';

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are data of many shapes, and a wrong path fails the assertion.
  readonly Properties: any;
}

const PATH = join(ROOT, 'infra/member-account/template.yml');
const { Resources } = parse(readFileSync(PATH, 'utf8')) as { Resources: Readonly<Record<string, Resource>> };
const deployed = parse(readFileSync(join(ROOT, 'infra/resources/rules.generated.yml'), 'utf8')) as {
  Resources: Readonly<Record<string, Resource>>;
};
const ROLES = [
  ['ReadRole', 'ReaderRoleArns', 'CreatesRoles'],
  ['PublishRole', 'PublisherRoleArns', 'CreatesRoles'],
  ['RespondRole', 'ResponderRoleArns', 'CreatesResponder'],
] as const;

const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
const statementsOf = (id: string): readonly Statement[] =>
  Resources[id]?.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: readonly Statement[] } }) => policy.PolicyDocument.Statement,
  );
const actionsOf = (id: string) => statementsOf(id).flatMap(({ Action }) => Action);

describe('the template of a member account', () => {
  test('is valid, strictly', () => {
    const engine = new RegoEngine();

    const { diagnostics } = engine.validateStandard(new TemplateFile(PATH), { strict: true });

    engine.free();
    expect(diagnostics.filter(({ severity }) => severity !== 'INFO' && severity !== 'DEBUG')).toEqual([]);
  });

  test('is small enough for CloudFormation, and its roles for IAM', () => {
    expect(readFileSync(PATH).byteLength).toBeLessThan(51_200);
    for (const { Properties } of ofType('AWS::IAM::Role')) {
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      expect(JSON.stringify(Properties.Policies).length).toBeLessThan(10_240);
    }
  });

  test.for(ROLES)(
    'PE-5: %s trusts exactly the named functions, by external id and organization',
    ([id, parameter, condition]) => {
      expect(Resources[id]?.Condition).toBe(condition);
      expect(Resources[id]?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Principal: { AWS: { Ref: parameter } },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: {
              'sts:ExternalId': { Ref: 'ExternalId' },
              'aws:PrincipalOrgID': {
                'Fn::If': ['InOrganization', { Ref: 'OrganizationId' }, { Ref: 'AWS::NoValue' }],
              },
            },
          },
        },
      ]);
    },
  );

  test('PE-5: nothing that says whom the roles trust is left out by mistake', () => {
    const { Parameters } = parse(readFileSync(PATH, 'utf8'));

    for (const name of ['ReaderRoleArns', 'PublisherRoleArns', 'ExternalId', 'OrganizationId']) {
      expect(Parameters[name]).toHaveProperty('AllowedPattern');
      expect(Parameters[name]).not.toHaveProperty('Default');
    }
  });

  test('names every action: no wildcards, and nothing of whole services', () => {
    for (const [id] of ROLES) for (const action of actionsOf(id)) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
    expect(actionsOf('ForwardRole')).toEqual(['events:PutEvents']);
  });

  test('PE-3: the reading role gets, lists and describes, and all that the collectors declare', () => {
    const actions = actionsOf('ReadRole');

    expect(actions.filter((action) => !/:(?:BatchGet|Describe|Get|List)[A-Z]/.test(action))).toEqual([]);
    const declared = collectors.flatMap(({ permissions }) => permissions);
    const asked = ['ec2:DescribeRegions', 'ecr:ListPullTimeUpdateExclusions', 'logs:DescribeLogGroups'];
    expect(new Set(actions)).toEqual(new Set([...declared, ...asked]));
    for (const action of ORGANIZATION_PERMISSIONS) expect(actions).not.toContain(action);
  });

  test('the publishing role writes into Security Hub and nowhere else', () => {
    const actions = actionsOf('PublishRole');

    expect(actions.filter((action) => !action.startsWith('securityhub:'))).toEqual([]);
    expect(actions).toEqual(expect.arrayContaining(['securityhub:BatchImportFindings', 'securityhub:DescribeHub']));
    for (const { Action, Resource } of statementsOf('PublishRole')) {
      const writes = [Action].flat().some((action) => action.startsWith('securityhub:Batch'));
      if (writes) expect(JSON.stringify(Resource)).toContain('${AWS::AccountId}');
    }
  });

  test('what writes about resources is in the responding role alone, which nobody has who did not ask for it', () => {
    const writes = (id: string) => actionsOf(id).filter((action) => /:(?:Create|Enable|Put|Update)[A-Z]/.test(action));

    expect(writes('ReadRole')).toEqual([]);
    expect(writes('PublishRole')).toEqual([]);
    expect(writes('RespondRole').length).toBeGreaterThan(0);
    const template = parse(readFileSync(PATH, 'utf8'));
    expect(template.Parameters.ResponderRoleArns.Default).toBe('');
    expect(JSON.stringify(template.Conditions.CreatesResponder)).toContain('ResponderRoleArns');
  });

  test('roles are created in one region, rules in each but the one in which the deployment listens by itself', () => {
    for (const { Condition } of ofType('AWS::IAM::Role')) expect(Condition).toMatch(/^Creates|^InRolesRegion$/);
    for (const { Condition } of ofType('AWS::Events::Rule')) expect(Condition).toBe('Forwards');
  });

  test('forwards exactly what the rules of the deployment listen to, by a role', () => {
    const forwarded = ofType('AWS::Events::Rule').map(({ Properties }) => Properties);

    expect(forwarded.map(({ EventPattern }) => EventPattern)).toEqual(
      Object.values(deployed.Resources).map(({ Properties }) => Properties.EventPattern),
    );
    for (const { Targets } of forwarded) {
      expect(Targets).toEqual([
        {
          Id: 'hullcheck',
          Arn: { Ref: 'CentralBusArn' },
          RoleArn: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/hullcheck-forward' },
        },
      ]);
    }
  });

  test('the role that forwards is for EventBridge in this account, and ends at the one bus', () => {
    expect(Resources.ForwardRole?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    expect(statementsOf('ForwardRole').map(({ Resource }) => Resource)).toEqual([{ Ref: 'CentralBusArn' }]);
  });

  test('T90: names no partition', () => {
    const text = readFileSync(PATH, 'utf8').replaceAll('arn:aws[a-z-]*:', '');

    expect(text).not.toMatch(/arn:aws/);
    expect(
      text.replaceAll(/\w[\w.-]*\.amazonaws\.com/g, (service) =>
        /^[a-z0-9-]+\.amazonaws\.com$/.test(service) ? '' : service,
      ),
    ).not.toMatch(/amazonaws/);
  });
});
