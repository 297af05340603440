import {
  ListEventBuses$,
  type ListEventBusesCommandInput,
  type ListEventBusesCommandOutput,
  ListRuleNamesByTarget$,
  type ListRuleNamesByTargetCommandInput,
  type ListRuleNamesByTargetCommandOutput,
  ListRules$,
  type ListRulesCommandInput,
  type ListRulesCommandOutput,
  ListTargetsByRule$,
  type ListTargetsByRuleCommandInput,
  type ListTargetsByRuleCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { EventBusState } from '../world/world.ts';

export const events: Service = {
  signingName: 'events',
  protocol: 'json',
  invalidInputCode: 'ValidationException',
  operations: [
    operation(ListEventBuses$, listEventBuses),
    operation(ListRules$, listRules),
    operation(ListRuleNamesByTarget$, listRuleNamesByTarget),
    operation(ListTargetsByRule$, listTargetsByRule),
  ],
};

const listPage = { usual: 100, most: 100 } as const;

function busOf({ region }: Call, nameOrArn: string | undefined): EventBusState {
  const name = nameOrArn?.split('/').at(-1) ?? 'default';
  const found = region.eventBuses.find(({ bus }) => bus.Name === name);
  if (!found) throw new ServiceError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  return found;
}

function listEventBuses(call: Call, input: ListEventBusesCommandInput): Reply<ListEventBusesCommandOutput> {
  const wanted = call.region.eventBuses
    .map(({ bus }) => bus)
    .filter(({ Name }) => Name.startsWith(input.NamePrefix ?? ''));
  const { items, nextToken } = page(call, wanted, { token: input.NextToken, requested: input.Limit, ...listPage });
  return { EventBuses: items, NextToken: nextToken };
}

function listRules(call: Call, input: ListRulesCommandInput): Reply<ListRulesCommandOutput> {
  const wanted = busOf(call, input.EventBusName)
    .rules.map(({ rule }) => rule)
    .filter(({ Name }) => Name.startsWith(input.NamePrefix ?? ''));
  const { items, nextToken } = page(call, wanted, { token: input.NextToken, requested: input.Limit, ...listPage });
  return { Rules: items, NextToken: nextToken };
}

function listRuleNamesByTarget(
  call: Call,
  input: ListRuleNamesByTargetCommandInput,
): Reply<ListRuleNamesByTargetCommandOutput> {
  const names = busOf(call, input.EventBusName)
    .rules.filter(({ targets }) => targets.some(({ Arn }) => Arn === input.TargetArn))
    .map(({ rule }) => rule.Name);
  const { items, nextToken } = page(call, names, { token: input.NextToken, requested: input.Limit, ...listPage });
  return { RuleNames: items, NextToken: nextToken };
}

function listTargetsByRule(call: Call, input: ListTargetsByRuleCommandInput): Reply<ListTargetsByRuleCommandOutput> {
  const found = busOf(call, input.EventBusName).rules.find(({ rule }) => rule.Name === input.Rule);
  if (!found) {
    const message = `Rule ${input.Rule} does not exist on EventBus ${input.EventBusName ?? 'default'}.`;
    throw new ServiceError('ResourceNotFoundException', message);
  }
  const { items, nextToken } = page(call, found.targets, {
    token: input.NextToken,
    requested: input.Limit,
    ...listPage,
  });
  return { Targets: items, NextToken: nextToken };
}
