import { ListStandardsControlAssociationsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ControlLookup, controlLookup } from '#shared/sinks/security-hub/control-status.ts';
import { accessDenied, awsError, rejectUnstubbed } from '../../../support/collect.ts';

const hub = mockClient(SecurityHubClient);
const asked: string[] = [];
let isControlEnabled: ControlLookup;

beforeEach(() => {
  hub.reset();
  rejectUnstubbed(hub);
  asked.length = 0;
  isControlEnabled = controlLookup((clientClass, accountId, region) => {
    asked.push(`${accountId} ${region}`);
    return new clientClass({ region, maxAttempts: 1 } as never);
  });
});

const association = (AssociationStatus: 'ENABLED' | 'DISABLED') => ({
  StandardsArn: 'arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0',
  SecurityControlId: 'ECS.5',
  SecurityControlArn: 'arn:aws:securityhub:us-east-1:111122223333:security-control/ECS.5',
  AssociationStatus,
});
const associations = () => hub.on(ListStandardsControlAssociationsCommand);
const ask = () => isControlEnabled('ECS.5', '111122223333', 'us-east-1');

describe('whether one of AWS’s controls is enabled', () => {
  it('is so where any standard has it enabled', async () => {
    associations().resolves({
      StandardsControlAssociationSummaries: [association('DISABLED'), association('ENABLED')],
    });
    expect(await ask()).toBe(true);
  });

  it('is not so where every standard has it disabled, or there is no standard', async () => {
    associations()
      .resolvesOnce({ StandardsControlAssociationSummaries: [association('DISABLED')] })
      .resolves({ StandardsControlAssociationSummaries: [] });
    expect(await ask()).toBe(false);
    expect(await isControlEnabled('ECS.5', '111122223333', 'eu-west-1')).toBe(false);
  });

  it('looks at every page', async () => {
    associations().resolves({ StandardsControlAssociationSummaries: [association('DISABLED')], NextToken: 'more' });
    hub
      .on(ListStandardsControlAssociationsCommand, { NextToken: 'more' })
      .resolves({ StandardsControlAssociationSummaries: [association('ENABLED')] });
    expect(await ask()).toBe(true);
  });

  it.for(['InvalidInputException', 'ResourceNotFoundException'])(
    'is not so where the region has no such control (%s)',
    async (name) => {
      associations().rejects(awsError(name));
      expect(await ask()).toBe(false);
    },
  );

  it.for([
    ['denied', accessDenied('securityhub:ListStandardsControlAssociations')],
    ['refused because the hub is off', awsError('InvalidAccessException')],
    ['throttled', awsError('LimitExceededException')],
    ['broken', awsError('InternalException')],
  ] as const)('is not known where the call is %s', async ([, error]) => {
    associations().rejects(error);
    expect(await ask()).toBeUndefined();
  });

  it.for(['GuardDuty.1', 'Inspector.2'])(
    'is not known for %s, which may report in another account alone',
    async (control) => {
      expect(await isControlEnabled(control, '111122223333', 'us-east-1')).toBeUndefined();
      expect(hub.calls()).toHaveLength(0);
    },
  );

  it('is asked once for each control, account and region, as the account itself', async () => {
    associations().resolves({ StandardsControlAssociationSummaries: [] });
    await Promise.all([ask(), ask()]);
    await ask();
    await isControlEnabled('ECS.5', '444455556666', 'us-east-1');
    await isControlEnabled('ECS.4', '111122223333', 'us-east-1');
    expect(asked).toEqual(['111122223333 us-east-1', '444455556666 us-east-1', '111122223333 us-east-1']);
    expect(hub.calls()).toHaveLength(3);
  });
});
