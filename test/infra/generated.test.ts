import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { IamAction } from '#shared/domain/ports.ts';
import { onCalls, onEvents } from '#shared/domain/trigger.ts';
import { generatePolicies } from '../../infra/scripts/generate/policies.ts';
import { generateRules } from '../../infra/scripts/generate/rules.ts';

const NONE = {
  reading: [],
  accounts: [],
  publishing: [],
  ledger: [],
  organization: [],
  gate: { reading: [], answering: [] },
  report: [],
  responding: [],
};

describe('the policies', () => {
  test('group the declared actions by what they are allowed on, each action once', () => {
    const { ReadingPolicy } = policies({
      ...NONE,
      reading: ['ecs:ListClusters', 'ssm:GetParameters', 'ecs:DescribeClusters', 'ecs:ListClusters'],
    });

    expect(ReadingPolicy?.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: ['ecs:DescribeClusters', 'ecs:ListClusters'], Resource: ['*'] },
      {
        Effect: 'Allow',
        Action: ['ssm:GetParameters'],
        Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:ssm:*::parameter/aws/service/*' }],
      },
    ]);
  });

  test('never let a collector write, whatever it declares', () => {
    const reading: readonly IamAction[] = ['ecs:ListClusters', 'ecs:DeleteCluster'];

    expect(() => policies({ ...NONE, reading })).toThrow('ecs:DeleteCluster is declared for reading');
  });

  test('have no wildcards, whatever is declared', () => {
    expect(() => policies({ ...NONE, publishing: ['securityhub:*'] })).toThrow('a permission names one action');
  });

  test('let roles of other accounts be taken only by the name of the stage', () => {
    const { AccountsPolicy, RegionsPolicy } = policies({
      ...NONE,
      accounts: ['ec2:DescribeRegions', 'sts:AssumeRole'],
    });

    expect(AccountsPolicy?.Properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole'],
        Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:role/${self:custom.stage.assumableRoles}' }],
      },
    ]);
    expect(RegionsPolicy?.Properties.PolicyDocument.Statement).toMatchObject([{ Action: ['ec2:DescribeRegions'] }]);
  });
});

describe('the rules', () => {
  const touched = () => [];

  test('join the triggers of one source and kind, so that no event comes twice', () => {
    const rules = rulesOf([
      onCalls('ecs', ['UpdateService', 'TagResource'], touched),
      onCalls('ecs', ['TagResource', 'CreateCluster'], touched),
      onEvents('aws.ecs', ['ECS Deployment State Change'], touched),
    ]);

    expect(rules).toEqual({
      EcsCallsRule: {
        source: ['aws.ecs'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['ecs.amazonaws.com'],
          eventName: ['CreateCluster', 'TagResource', 'UpdateService'],
          errorCode: [{ exists: false }],
        },
      },
      EcsEventsRule: { source: ['aws.ecs'], 'detail-type': ['ECS Deployment State Change'] },
    });
  });

  test('are refused where EventBridge would refuse their pattern', () => {
    const names = Array.from({ length: 100 }, (_, index) => `UpdateSomethingWithALongName${index}`);

    expect(() => rulesOf([onCalls('ecs', names, touched)])).toThrow('EventBridge takes 2048');
  });
});

interface PolicyResource {
  readonly Properties: { readonly PolicyDocument: { readonly Statement: readonly unknown[] } };
}

function policies(declared: Parameters<typeof generatePolicies>[0]): Readonly<Record<string, PolicyResource>> {
  return resourcesIn(generatePolicies(declared));
}

function rulesOf(triggers: Parameters<typeof generateRules>[0]): Readonly<Record<string, unknown>> {
  const rules = resourcesIn<{ Properties: { EventPattern: unknown } }>(generateRules(triggers));
  return Object.fromEntries(Object.entries(rules).map(([id, { Properties }]) => [id, Properties.EventPattern]));
}

function resourcesIn<T>(files: ReadonlyMap<string, string>): Readonly<Record<string, T>> {
  const [text] = [...files.values()];
  return parse(text ?? '').Resources;
}
