import {
  DescribeLogGroups$,
  type DescribeLogGroupsCommandInput,
  type DescribeLogGroupsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';

export const logs: Service = {
  signingName: 'logs',
  protocol: 'json',
  invalidInputCode: 'InvalidParameterException',
  operations: [operation(DescribeLogGroups$, describeLogGroups)],
};

function describeLogGroups(call: Call, input: DescribeLogGroupsCommandInput): Reply<DescribeLogGroupsCommandOutput> {
  const wanted = call.region.logGroups.filter(
    ({ logGroupName }) =>
      (logGroupName ?? '').startsWith(input.logGroupNamePrefix ?? '') &&
      (logGroupName ?? '').toLowerCase().includes((input.logGroupNamePattern ?? '').toLowerCase()),
  );
  const { items, nextToken } = page(call, wanted, {
    token: input.nextToken,
    requested: input.limit,
    usual: 50,
    most: 50,
  });
  return { logGroups: items, nextToken };
}
