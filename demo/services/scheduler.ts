import {
  GetSchedule$,
  type GetScheduleCommandInput,
  type GetScheduleCommandOutput,
  ListSchedules$,
  type ListSchedulesCommandInput,
  type ListSchedulesCommandOutput,
} from '@aws-sdk/client-scheduler';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';

export const scheduler: Service = {
  signingName: 'scheduler',
  protocol: 'rest-json',
  invalidInputCode: 'ValidationException',
  operations: [operation(ListSchedules$, listSchedules), operation(GetSchedule$, getSchedule)],
};

/** The list says where a schedule goes, but not with which parameters: those need GetSchedule. */
function listSchedules(call: Call, input: ListSchedulesCommandInput): Reply<ListSchedulesCommandOutput> {
  const wanted = call.region.schedules.filter(
    ({ GroupName, Name, State }) =>
      (input.GroupName === undefined || GroupName === input.GroupName) &&
      Name.startsWith(input.NamePrefix ?? '') &&
      (input.State === undefined || State === input.State),
  );
  const { items, nextToken } = page(call, wanted, {
    token: input.NextToken,
    requested: input.MaxResults,
    usual: 100,
    most: 100,
  });
  const Schedules = items.map(({ Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target }) => ({
    Arn,
    Name,
    GroupName,
    State,
    CreationDate,
    LastModificationDate,
    Target: Target && { Arn: Target.Arn },
  }));
  return { Schedules, NextToken: nextToken };
}

function getSchedule({ region }: Call, input: GetScheduleCommandInput): Reply<GetScheduleCommandOutput> {
  const group = input.GroupName ?? 'default';
  const found = region.schedules.find(({ GroupName, Name }) => GroupName === group && Name === input.Name);
  if (!found) {
    throw new ServiceError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`, 404);
  }
  return found;
}
