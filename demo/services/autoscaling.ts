import {
  type AutoScalingGroup,
  DescribeAutoScalingGroups$,
  type DescribeAutoScalingGroupsCommandInput,
  type DescribeAutoScalingGroupsCommandOutput,
  type Filter,
} from '@aws-sdk/client-auto-scaling';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';

export const autoscaling: Service = {
  signingName: 'autoscaling',
  protocol: 'query',
  xmlNamespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  invalidInputCode: 'ValidationError',
  operations: [operation(DescribeAutoScalingGroups$, describeAutoScalingGroups)],
};

function describeAutoScalingGroups(
  call: Call,
  input: DescribeAutoScalingGroupsCommandInput,
): Reply<DescribeAutoScalingGroupsCommandOutput> {
  const { AutoScalingGroupNames: names, Filters } = input;
  const wanted = call.region.autoScalingGroups.filter(
    (group) =>
      (names === undefined || names.length === 0 || names.includes(group.AutoScalingGroupName ?? '')) &&
      (Filters ?? []).every((filter) => isMatch(group, filter)),
  );
  const { items, nextToken } = page(call, wanted, {
    token: input.NextToken,
    requested: input.MaxRecords,
    usual: 50,
    most: 100,
    badTokenCode: 'InvalidNextToken',
  });
  return { AutoScalingGroups: items, NextToken: nextToken };
}

function isMatch({ Tags }: AutoScalingGroup, { Name, Values }: Filter): boolean {
  const values = Values ?? [];
  if (Name === 'tag-key') return (Tags ?? []).some(({ Key }) => values.includes(Key ?? ''));
  const key = Name?.startsWith('tag:') ? Name.slice(4) : undefined;
  return (Tags ?? []).some(({ Key, Value }) => Key === key && values.includes(Value ?? ''));
}
