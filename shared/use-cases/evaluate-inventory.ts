import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Finding } from '../domain/finding.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Collector } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import { evaluate } from '../engine/evaluate.ts';
import { FactStore } from '../engine/fact-store.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { isComplete, summarize } from '../engine/summary.ts';
import { producersOf } from './collect-inventory.ts';

/** A judged inventory: the header is known, the findings are made again each time they are asked for. */
export interface ScanResult {
  readonly header: ResultHeader;
  /** In order of (check id, resource uid), one at a time; evaluation is pure, so every pass gives the same. */
  findings(): Iterable<Finding>;
}

export interface EvaluateOptions {
  readonly registry: CheckRegistry;
  /** All collectors there are, to know who states which facts. */
  readonly collectors: readonly Collector[];
  /** Parsed parameters by check id. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly toolVersion: string;
}

/**
 * Judges an inventory, live or from a file: the clock the checks see is the inventory's own `startedAt`, so that a
 * replay gives the live verdicts.
 */
export function evaluateInventory(inventory: Inventory, options: EvaluateOptions): ScanResult {
  const { registry, collectors, parameters, toolVersion } = options;
  const scanned = collectors.filter(({ service }) => inventory.services.includes(service));
  const facts = new FactStore(inventory.targets, producersOf(scanned));
  for (const fact of inventory.facts) facts.add(fact);
  for (const completion of inventory.factCompletions) facts.markComplete(completion);
  const context = { now: new Date(inventory.startedAt), facts, parameters };
  const findings = () => evaluate(registry, inventory.resources, context);
  const summary = summarize(findings(), inventory.resources, inventory.coverage);
  return {
    header: {
      schemaVersion: '1.0',
      tool: { name: 'hullcheck', version: toolVersion, ruleSetHash: ruleSetHash(registry, parameters) },
      startedAt: inventory.startedAt,
      finishedAt: inventory.finishedAt,
      complete: isComplete(summary, inventory.coverage),
      coverage: inventory.coverage,
      summary,
    },
    findings,
  };
}

/**
 * Names the rules a result was made with: the checks' ids, severities and parameters. Two results with the same hash
 * and the same inventory are the same.
 */
export function ruleSetHash(registry: CheckRegistry, parameters: Readonly<Record<string, unknown>>): string {
  const rules = registry.checks.map((check) => [check.id, check.baseSeverity, parameters[check.id] ?? null]);
  return `sha256:${bytesToHex(sha256(utf8ToBytes(JSON.stringify(rules))))}`;
}
