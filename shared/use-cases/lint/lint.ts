import type { Check } from '../../domain/check.ts';
import type { FactLookup } from '../../domain/fact.ts';
import type { Finding } from '../../domain/finding.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import type { Resource, ResourceBase, ResourceType } from '../../domain/resource.ts';
import { unknownBecause } from '../../domain/verdict.ts';
import type { WaiverSet } from '../../domain/waiver.ts';
import { judge } from '../../engine/evaluate.ts';
import { type CheckRegistry, createRegistry } from '../../engine/registry.ts';
import { isComplete, summarize } from '../../engine/summary.ts';
import { applyWaivers, tagLookup, WaiverIndex, WaiverTally, waiverUses } from '../../engine/waivers.ts';
import { ruleSetHash, type ScanResult } from '../evaluate-inventory.ts';
import { type LintedResource, sourceOf } from './document-source.ts';
import { type LintFile, type ReadOptions, readDocuments } from './read-documents.ts';
import { UNSEEN_CHECK_IDS, unseenResources } from './unseen.ts';

/** What documents can be about. */
const LINTED_TYPES: ReadonlySet<ResourceType> = new Set<ResourceType>([
  'AwsEcsTaskDefinition',
  'AwsIamRole',
  'Dockerfile',
  'KubernetesIngress',
  'KubernetesNamespace',
  'KubernetesNetworkPolicy',
  'KubernetesRoleBinding',
  'KubernetesService',
  'KubernetesServiceAccount',
  'KubernetesWorkload',
]);

/** The checks that judge documents, and those that name what documents depend on and do not show. */
export function lintChecks({ checks }: CheckRegistry): CheckRegistry {
  return createRegistry(
    checks.filter(({ id, resourceType }) => LINTED_TYPES.has(resourceType) || UNSEEN_CHECK_IDS.has(id)),
  );
}

export interface LintOptions extends ReadOptions {
  /** From {@link lintChecks}, or fewer. */
  readonly registry: CheckRegistry;
  /** Parsed parameters by check id. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly toolVersion: string;
  readonly now: () => Date;
  /** Accepted risks; left out where there is no waivers file. */
  readonly waivers?: WaiverSet;
}

/**
 * Judges files before they are deployed, by the same checks as what runs.
 *
 * @returns the result in the form of a scan, with the place of each finding in the files; in order of check id, resource
 *   uid, file and document
 * @throws only what `classify` throws
 */
export async function lint(
  files: AsyncIterable<LintFile> | Iterable<LintFile>,
  options: LintOptions,
): Promise<ScanResult> {
  const { registry, parameters, toolVersion, waivers } = options;
  const startedAt = options.now();
  const { resources: linted, coverage } = await readDocuments(files, options);
  const byType = groupByType([...linted, ...unseenResources(linted)]);
  const resources = linted.map(({ resource }) => resource);
  const accepted = waivers?.waivers ?? [];
  const index = new WaiverIndex(accepted, startedAt, tagLookup(resources, accepted));
  const tally = new WaiverTally();
  const judged = () => judgeAll(registry.checks, byType, startedAt, parameters);
  const summary = summarize(applyWaivers(unplaced(judged()), index, tally), resources, coverage);
  const serviceOfCheck = new Map(registry.checks.map(({ id }) => [id, 'lint']));
  return {
    header: {
      schemaVersion: '1.0',
      tool: { name: 'hullcheck', version: toolVersion, ruleSetHash: ruleSetHash(registry, parameters) },
      startedAt: startedAt.toISOString(),
      finishedAt: options.now().toISOString(),
      complete: isComplete(summary, coverage),
      coverage,
      summary,
      ...(waivers === undefined
        ? {}
        : { waivers: waiverUses(waivers, tally, { serviceOfCheck, coverage }, startedAt) }),
    },
    findings: () => applyWaivers(placed(judged()), index),
  };
}

interface Judged {
  readonly linted: LintedResource;
  readonly finding: Finding;
}

function* judgeAll(
  checks: readonly Check[],
  byType: ReadonlyMap<string, readonly LintedResource[]>,
  now: Date,
  parameters: Readonly<Record<string, unknown>>,
): Generator<Judged> {
  for (const check of checks) {
    const context = { now, facts: NO_FACTS, parameters: parameters[check.id] };
    for (const linted of byType.get(check.resourceType) ?? []) {
      const { resource, unseen } = linted;
      if (unseen === undefined) {
        yield { linted, finding: judge(check, resource, context) };
      } else if (unseen.checkId === check.id) {
        yield { linted, finding: judge(withoutLooking(check, unseen.message), resource, context) };
      }
    }
  }
}

function withoutLooking(check: Check, message: string): Check {
  return { ...check, evaluate: () => unknownBecause({ kind: 'undecidable', message }) };
}

/** To be counted, findings need no place. */
function* unplaced(judged: Iterable<Judged>): Generator<Finding> {
  for (const { finding } of judged) yield finding;
}

function* placed(judged: Iterable<Judged>): Generator<Finding> {
  for (const { linted, finding } of judged) {
    yield { ...finding, source: sourceOf(linted, finding.evidence[0]?.path) };
  }
}

/** Nothing that only an account shows is known, which is not the same as that there is nothing. */
const NO_FACTS: FactLookup = {
  regionsOf: () => [],
  about: (kind) => ({
    facts: [],
    complete: false,
    missing: ['an account'],
    whyIncomplete: { kind: 'undecidable', message: `Documents do not show what only a scan finds out (${kind}).` },
  }),
};

/** The same identity twice is two resources, in the order of their places. */
function groupByType(linted: readonly LintedResource[]): ReadonlyMap<string, readonly LintedResource[]> {
  const byType = new Map<string, LintedResource[]>();
  for (const one of linted) {
    const { type } = baseOf(one.resource);
    const group = byType.get(type) ?? [];
    byType.set(type, group);
    group.push(one);
  }
  for (const group of byType.values()) {
    group.sort(
      (left, right) =>
        compareCodeUnits(baseOf(left.resource).uid, baseOf(right.resource).uid) ||
        compareCodeUnits(left.source.file, right.source.file) ||
        left.source.document - right.source.document,
    );
  }
  return byType;
}

function baseOf(resource: Resource): ResourceBase<string> {
  return resource as ResourceBase<string>;
}
