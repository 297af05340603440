import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { FactLookup } from '../domain/fact.ts';
import type { Finding } from '../domain/finding.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { LedgerScope } from '../domain/ledger.ts';
import type { Collector } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import type { WaiverSet } from '../domain/waiver.ts';
import { evaluate } from '../engine/evaluate.ts';
import { FactStore } from '../engine/fact-store.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { withRoutingTags } from '../engine/routing-tags.ts';
import { isComplete, summarize } from '../engine/summary.ts';
import { applyWaivers, tagLookup, WaiverIndex, WaiverTally, waiverUses } from '../engine/waivers.ts';
import { producersOf } from './collect-inventory.ts';

/** A judged inventory: the header is known, the findings are made again each time they are asked for. */
export interface ScanResult {
  readonly header: ResultHeader;
  /** In order of (check id, resource uid), one at a time; evaluation is pure, so every pass gives the same. */
  findings(): Iterable<Finding>;
  /** Scopes whose resources follow from facts that were not all stated: what is not seen there may still exist. */
  readonly unprovenAbsence?: readonly LedgerScope[];
}

export interface EvaluateOptions {
  readonly registry: CheckRegistry;
  /** All collectors there are, to know who states which facts. */
  readonly collectors: readonly Collector[];
  /** Parsed parameters by check id. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly toolVersion: string;
  /** Accepted risks; left out where there is no waivers file. */
  readonly waivers?: WaiverSet;
  /** The instant at which waivers must hold; the time of the inventory by default, as for checks. */
  readonly waiversAt?: Date;
  /** Keys of the tags that findings carry because alert routes ask for them; none by default. */
  readonly routingTags?: readonly string[];
}

/**
 * Judges an inventory, live or from a file: the clock the checks see is the inventory's own `startedAt`, so that a
 * replay gives the live verdicts.
 */
export function evaluateInventory(inventory: Inventory, options: EvaluateOptions): ScanResult {
  const { registry, collectors, parameters, toolVersion, waivers, routingTags = [] } = options;
  const scanned = collectors.filter(({ service }) => inventory.services.includes(service));
  const facts = new FactStore(inventory.targets, producersOf(scanned));
  for (const fact of inventory.facts) facts.add(fact);
  for (const completion of inventory.factCompletions) facts.markComplete(completion);
  for (const entry of inventory.coverage) facts.noteGaps(entry.gaps);
  const now = new Date(inventory.startedAt);
  const context = { now, facts, parameters };
  const accepted = waivers?.waivers ?? [];
  const waiversAt = options.waiversAt ?? now;
  const tagsOf = tagLookup(inventory.resources, accepted, routingTags);
  const index = new WaiverIndex(accepted, waiversAt, tagsOf);
  const tally = new WaiverTally();
  const judged = () => {
    const found = evaluate(registry, inventory.resources, context);
    return routingTags.length === 0 ? found : withRoutingTags(found, routingTags, tagsOf);
  };
  const findings = (count?: WaiverTally) => applyWaivers(judged(), index, count);
  const summary = summarize(findings(tally), inventory.resources, inventory.coverage);
  const lookedAt = { serviceOfCheck: servicesOf(registry, scanned), coverage: inventory.coverage };
  return {
    header: {
      schemaVersion: '1.0',
      tool: { name: 'hullcheck', version: toolVersion, ruleSetHash: ruleSetHash(registry, parameters) },
      startedAt: inventory.startedAt,
      finishedAt: inventory.finishedAt,
      complete: isComplete(summary, inventory.coverage),
      coverage: inventory.coverage,
      summary,
      ...(waivers === undefined ? {} : { waivers: waiverUses(waivers, tally, lookedAt, waiversAt) }),
    },
    findings: () => findings(),
    unprovenAbsence: unprovenAbsence(scanned, inventory, facts),
  };
}

function unprovenAbsence(
  collectors: readonly Collector[],
  { targets }: Inventory,
  facts: FactLookup,
): readonly LedgerScope[] {
  return collectors.flatMap(({ service, resourcesFollowFacts = [] }) =>
    targets
      .filter((target) => resourcesFollowFacts.some((kind) => !facts.about(kind, undefined, target).complete))
      .map(({ accountId, region }) => ({ accountId, region, service })),
  );
}

/** The service by id of the checks whose resources were asked for. */
function servicesOf(registry: CheckRegistry, scanned: readonly Collector[]): ReadonlyMap<string, string> {
  const services = new Map(
    scanned.flatMap(({ service, resourceTypes }) => resourceTypes.map((type) => [type as string, service] as const)),
  );
  return new Map(
    registry.checks.flatMap(({ id, resourceType }) => {
      const service = services.get(resourceType);
      return service === undefined ? [] : [[id, service] as const];
    }),
  );
}

/**
 * Names the rules a result was made with: the checks' ids, severities, parameters and exemptions. Two results with the same hash
 * and the same inventory have the same verdicts; waivers only say which failures are accepted.
 */
export function ruleSetHash(registry: CheckRegistry, parameters: Readonly<Record<string, unknown>>): string {
  const rules = registry.checks.map(({ id, baseSeverity, exemptions }) => {
    const rule = [id, baseSeverity, parameters[id] ?? null];
    return exemptions === undefined ? rule : [...rule, exemptions];
  });
  return `sha256:${bytesToHex(sha256(utf8ToBytes(JSON.stringify(rules))))}`;
}
