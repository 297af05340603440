import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import type { CollectorContext } from '../../domain/ports.ts';
import type { Placement } from './capacity-providers.ts';
import type { ClusterScope } from './clusters.ts';
import { allOf, distinct, type Listing, readListing, sortedBy, tokenPages } from './listing.ts';

/** Something outside ECS that starts tasks. */
export interface TaskStarter {
  readonly kind: 'event-rule' | 'schedule';
  /** ARN of the rule or schedule. */
  readonly arn: string;
  readonly clusterArn: string;
  readonly taskDefinition: string;
  readonly placement: Placement;
}

const CALLS_AT_ONCE = 8;
/** What EventBridge answers about a bus or rule that was deleted since it was listed. */
const RULE_GONE = ['ResourceNotFoundException'];

interface Rule {
  readonly bus: string;
  readonly name: string;
}

/**
 * The EventBridge rules that run tasks, on every event bus. Asking by target reads only the rules that matter, where
 * listing would read all rules of the account. A rule that is switched off counts: it still names the definition that
 * runs as soon as it is switched on again.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html
 */
export async function readEventRules(
  context: CollectorContext,
  clusters: readonly ClusterScope[],
): Promise<Listing<TaskStarter>> {
  const client = context.clientFor(EventBridgeClient);
  const buses = await readListing(
    context,
    'events:ListEventBuses',
    () =>
      tokenPages(
        (NextToken) => client.send(new ListEventBusesCommand({ NextToken, Limit: 100 })),
        (page) => page.NextToken,
      ),
    (page) => page.EventBuses,
  );
  const names = distinct(buses.items.map(({ Name }) => Name));
  const questions = names.flatMap((bus) => clusters.map((cluster) => ({ bus, cluster })));
  const rulesByCluster = await pMap(questions, ({ bus, cluster }) => readRuleNames(context, bus, cluster), {
    concurrency: CALLS_AT_ONCE,
  });
  const rules = new Map<string, Rule>();
  for (const { items } of rulesByCluster) for (const rule of items) rules.set(`${rule.bus}/${rule.name}`, rule);
  const isCluster = new Set(clusters.map(({ arn }) => arn));
  const targets = await pMap(rules.values(), (rule) => readTargets(context, rule), { concurrency: CALLS_AT_ONCE });
  const starters = [...rules.values()].flatMap((rule, at) =>
    (targets[at]?.items ?? []).flatMap((target) => starterFrom(context, rule, target, isCluster) ?? []),
  );
  return {
    items: sortedBy(starters, ({ arn, clusterArn, taskDefinition }) => `${arn} ${clusterArn} ${taskDefinition}`),
    complete: allOf([buses, ...rulesByCluster, ...targets].map(({ complete }) => complete)),
  };
}

function readRuleNames(context: CollectorContext, bus: string, { arn, name }: ClusterScope): Promise<Listing<Rule>> {
  const client = context.clientFor(EventBridgeClient);
  return readListing(
    context,
    'events:ListRuleNamesByTarget',
    () =>
      tokenPages(
        (NextToken) =>
          client.send(new ListRuleNamesByTargetCommand({ TargetArn: arn, EventBusName: bus, NextToken, Limit: 100 })),
        (page) => page.NextToken,
      ),
    (page) => page.RuleNames?.map((rule) => ({ bus, name: rule })),
    { cluster: name, resource: arn, goneErrors: RULE_GONE },
  );
}

function readTargets(context: CollectorContext, { bus, name }: Rule): Promise<Listing<Target>> {
  const client = context.clientFor(EventBridgeClient);
  return readListing(
    context,
    'events:ListTargetsByRule',
    () =>
      tokenPages(
        (NextToken) =>
          client.send(new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus, NextToken, Limit: 100 })),
        (page) => page.NextToken,
      ),
    (page) => page.Targets,
    { resource: ruleArn(context, { bus, name }), goneErrors: RULE_GONE },
  );
}

function starterFrom(
  context: CollectorContext,
  rule: Rule,
  { Arn, EcsParameters }: Target,
  isCluster: ReadonlySet<string>,
): TaskStarter | undefined {
  if (Arn === undefined || !isCluster.has(Arn) || EcsParameters?.TaskDefinitionArn === undefined) return undefined;
  return {
    kind: 'event-rule',
    arn: ruleArn(context, rule),
    clusterArn: Arn,
    taskDefinition: EcsParameters.TaskDefinitionArn,
    placement: {
      launchType: EcsParameters.LaunchType,
      capacityProviderStrategy: EcsParameters.CapacityProviderStrategy,
    },
  };
}

/** Rules of the default bus have no bus in their ARNs. */
function ruleArn({ partition, region, accountId }: CollectorContext, { bus, name }: Rule): string {
  const path = bus === 'default' ? name : `${bus}/${name}`;
  return `arn:${partition}:events:${region}:${accountId}:rule/${path}`;
}
