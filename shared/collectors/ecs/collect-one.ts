import { canonicalJson } from '../../domain/json.ts';
import { known, type Observed, unknown } from '../../domain/observed.ts';
import type { CollectorContext, RecheckedItem } from '../../domain/ports.ts';
import type { Touched } from '../../domain/trigger.ts';
import type { RoleUseFact } from '../iam/model.ts';
import { readCapacityProviders } from './capacity-providers.ts';
import { readContents, readInstanceJoin } from './cluster-contents.ts';
import { clusterFactFrom, clusterFrom } from './cluster-resources.ts';
import { describeClusters } from './clusters.ts';
import { taskDefinitionReader, uidOf } from './definition-readers.ts';
import { type ReadFamily, readFamilies } from './families.ts';
import type { TaskDefinitionUseFact } from './model.ts';
import { oneService } from './one-service.ts';
import { roleUsesOf } from './role-uses.ts';
import { useBookFrom } from './use-facts.ts';
import type { UseBook } from './uses.ts';

export const RECHECKABLE_TYPES = ['AwsEcsService', 'AwsEcsTaskDefinition', 'AwsEcsCluster'] as const;

/**
 * Reads one family, one service with the families it runs, or one cluster. Who runs a family is taken from what the
 * last scan stated, so that a new revision costs one call, and one more for each other revision in use.
 */
export async function* collectOne(
  context: CollectorContext,
  { resource: { type, name, cluster = 'default', arn } }: Required<Touched>,
): AsyncGenerator<RecheckedItem> {
  if (type === 'AwsEcsTaskDefinition') {
    const { facts, listed } = statedUses(context, uidOf(context, 'task-definition', name));
    for (const family of await readOneFamily(context, name, useBookFrom(context, facts), listed))
      yield* familyItems(context, family);
  } else if (type === 'AwsEcsService') {
    yield* serviceAndFamilies(context, cluster, name, arn);
  } else {
    yield* oneCluster(context, name);
  }
}

async function* serviceAndFamilies(
  context: CollectorContext,
  cluster: string,
  name: string,
  arn: string | undefined,
): AsyncGenerator<RecheckedItem> {
  const uid = arn ?? arnOf(context, `service/${cluster}/${name}`);
  const { facts, listed } = statedUses(context);
  const earlier = facts.filter(({ use }) => use.by === uid);
  const look = await oneService(context, { cluster, name, uid, earlier });
  if (look === undefined) return;
  if (look.service === null) yield { gone: { type: 'AwsEcsService', uid } };
  yield { corrected: look.correction };
  const stated = [...facts.filter(({ use }) => use.by !== uid), ...look.uses];
  const names = [...new Set([...earlier, ...look.uses].flatMap(({ key }) => familyIn(key)))].sort();
  const read: ReadFamily[] = [];
  for (const family of names) {
    const ofFamily = stated.filter(({ key }) => key === uidOf(context, 'task-definition', family));
    read.push(...(await readOneFamily(context, family, useBookFrom(context, ofFamily), listed)));
  }
  for (const family of read) yield* familyItems(context, family);
  for (const resource of look.resources(read)) yield { resource };
}

async function* oneCluster(context: CollectorContext, name: string): AsyncGenerator<RecheckedItem> {
  const arn = arnOf(context, `cluster/${name}`);
  const described = await describeClusters(context, [arn]);
  const [scope] = described.items;
  if (scope === undefined) {
    yield { gone: { type: 'AwsEcsCluster', uid: arn } };
    yield { corrected: { subject: arn, kinds: ['ecs-cluster'], facts: [] } };
    return;
  }
  const providers = await readCapacityProviders(context, [scope]);
  const contents = await readContents(context, scope, providers);
  const resource = clusterFrom(context, contents, await readInstanceJoin(context, [contents]));
  if (resource === undefined) return;
  yield { resource };
  const { services, tasks, instances } = contents;
  if (services.complete.known && tasks.complete.known && instances.complete.known) {
    yield {
      corrected: { subject: arn, kinds: ['ecs-cluster'], facts: [clusterFactFrom(context, contents, providers)] },
    };
  }
}

/** The uses that are known, of one family or of all, and whether they are all there are. */
function statedUses(
  context: CollectorContext,
  key?: string,
): { readonly facts: readonly TaskDefinitionUseFact[]; readonly listed: Observed<true> } {
  const { facts, whyIncomplete } = context.facts.about('task-definition-use', key, context);
  return { facts, listed: whyIncomplete === undefined ? known(true) : unknown(whyIncomplete) };
}

/** One family; nothing where AWS could not be asked and it is not known to be used either. */
async function readOneFamily(
  context: CollectorContext,
  name: string,
  uses: UseBook,
  listed: Observed<true>,
): Promise<readonly ReadFamily[]> {
  const reader = taskDefinitionReader(context);
  const active = { items: [name], complete: known(true as const) };
  const source = { reader, active, uses, usesListed: listed, servicesListed: listed };
  const read: ReadFamily[] = [];
  for await (const family of readFamilies(context, source)) read.push(family);
  return read;
}

function* familyItems(context: CollectorContext, { name, resource }: ReadFamily): Generator<RecheckedItem> {
  const uid = uidOf(context, 'task-definition', name);
  if (resource !== null) yield { resource };
  else yield { gone: { type: 'AwsEcsTaskDefinition', uid } };
  const roles = resource === null ? { facts: [], complete: true } : roleUsesOf(context, resource);
  // What happens to a role is looked at where something uses it: a new revision may have brought another one.
  if (roles.complete && !isStated(context, uid, roles.facts)) {
    yield { corrected: { subject: uid, kinds: ['role-use'], facts: roles.facts } };
  }
}

/** Whether it is what is known of a family already, whenever that was stated: then there is nothing to write down. */
function isStated(context: CollectorContext, uid: string, now: readonly RoleUseFact[]): boolean {
  const said = (facts: readonly RoleUseFact[]) =>
    facts.map(({ observedAt: _, ...fact }) => canonicalJson(fact)).toSorted();
  const stated = context.facts.about('role-use', undefined, context).facts.filter(({ user }) => user === uid);
  return said(stated).join('\n') === said(now).join('\n');
}

/** The family in the uid of a task definition; those of daemons are left to a scan of the service. */
function familyIn(uid: string): readonly string[] {
  const [, name] = /:task-definition\/([^/:]+)$/.exec(uid) ?? [];
  return name === undefined ? [] : [name];
}

function arnOf({ partition, region, accountId }: CollectorContext, resource: string): string {
  return `arn:${partition}:ecs:${region}:${accountId}:${resource}`;
}
