import { itemsWithoutSecretTags } from '../collectors/secrets/tag-values.ts';
import type { Finding } from '../domain/finding.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Collector } from '../domain/ports.ts';
import type { Resource } from '../domain/resource.ts';
import type { Touched } from '../domain/trigger.ts';
import { contextFor, factStore, type JudgeDependencies, judgeLook } from './look.ts';
import type { StoredFacts } from './stored-facts.ts';

/** One resource as it is now, judged by one check. */
export type SecondLook =
  | { readonly seen: 'finding'; readonly finding: Finding; readonly resource: Resource }
  | { readonly seen: 'gone' }
  /** It could not be read, or it is not there under this name. */
  | { readonly seen: 'nothing'; readonly because: string };

/** A collector that reads single resources. */
export type RecheckingCollector = Collector & Required<Pick<Collector, 'collectOne'>>;

/** What no unit has stated: a check that needs facts says UNKNOWN. */
export const NO_FACTS: StoredFacts = { facts: [], completions: [] };

/** Reads one resource again, with the fewest calls, and judges it; remembers and tells nothing. */
export async function lookAgain(
  findingId: string,
  {
    target,
    collector,
    touched,
  }: { readonly target: ScanTarget; readonly collector: RecheckingCollector; readonly touched: Required<Touched> },
  stored: StoredFacts,
  dependencies: JudgeDependencies,
): Promise<SecondLook> {
  const startedAt = dependencies.now();
  const context = contextFor(target, collector, { startedAt, facts: factStore(stored, dependencies) }, dependencies);
  const resources: Resource[] = [];
  let gone = false;
  const items = collector.collectOne(context, touched);
  for await (const item of itemsWithoutSecretTags(items, context.classify)) {
    if ('resource' in item) resources.push(item.resource);
    else if ('gone' in item) gone = true;
  }
  const looked = { startedAt: startedAt.toISOString(), resources, coverage: [] };
  for (const finding of judgeLook(looked, stored, dependencies).findings()) {
    const resource = resources.find(({ uid, type }) => uid === finding.resource.uid && type === finding.resource.type);
    if (finding.id === findingId && resource !== undefined) return { seen: 'finding', finding, resource };
  }
  if (gone) return { seen: 'gone' };
  const [gap] = context.gaps.list();
  return { seen: 'nothing', because: gap?.reason ?? 'The account and region have no such resource.' };
}
