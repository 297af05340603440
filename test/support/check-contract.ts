import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, CheckContext } from '#shared/domain/check.ts';
import type { Resource } from '#shared/domain/resource.ts';
import type { VerdictStatus } from '#shared/domain/verdict.ts';
import { CHECK_ERROR_PREFIX, judge } from '#shared/engine/evaluate.ts';
import { ROOT } from './all-checks.ts';
import { contextFor, denied } from './judge.ts';
import { otherResources } from './other-resources.ts';
import { passingResources } from './passing-resources.ts';
import { dropAt, observedPaths, type Path, replaceAt, singleChanges, walk } from './variations.ts';

/** How many single changes with the same verdict and reason are kept: more of the same find nothing new. */
const MAX_ALIKE = 2;

const HOSTILE_STRINGS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '‮txt.exe',
  '__proto__',
  'constructor',
  '{"Statement":',
  '<script>alert(1)</script>',
  '%s%n{{7*7}}',
  '../../../etc/passwd',
  '9999-99-99T99:99:99Z',
  '-1',
  '1e999',
  '999.999.999.999/99',
  'arn:aws:::::::',
  ':/@:@/:',
  '(a+)+$',
  'a'.repeat(20_000),
];

/** The names that models declare as optional, wherever they stand: AWS may leave these out. */
const optionalFields = namesOfOptionalFields();

/**
 * The passing resource of the check's type.
 *
 * @throws Error that says what to add where there is none
 */
export function passingResource(check: Check): Resource {
  const factories: Partial<Record<string, () => Resource>> = passingResources;
  const factory = factories[check.resourceType];
  if (factory === undefined) {
    throw new Error(`add a passing ${check.resourceType} to test/support/passing-resources.ts (${check.id} judges it)`);
  }
  return factory();
}

/** Everything could be read elsewhere, and nothing was stated. */
export function contextWithCompleteFacts(check: Check): CheckContext {
  return contextFor(check, { completeKinds: (check.needs ?? []).map((need) => need.kind) });
}

/** The passing resource of the check's type, and others of the type. */
export function resourcesFor(check: Check): readonly Resource[] {
  const others: Partial<Record<string, readonly (() => Resource)[]>> = otherResources;
  return [passingResource(check), ...(others[check.resourceType] ?? []).map((factory) => factory())];
}

/** What the rules are tried on: resources of the type, and single changes of them that lead to other verdicts. */
export function basesOf(check: Check, context: CheckContext): readonly Resource[] {
  const given = resourcesFor(check);
  return [...given, ...given.flatMap((resource) => variantsWithOtherVerdict(check, resource, context))];
}

function variantsWithOtherVerdict(check: Check, resource: Resource, context: CheckContext): readonly Resource[] {
  const kindOf = (variant: Resource) => {
    const { status, reason } = judge(check, variant, context);
    return `${status} ${reason}`;
  };
  const seen = new Map([[kindOf(resource), MAX_ALIKE]]);
  const variants: Resource[] = [];
  for (const change of singleChanges(resource, optionalFields)) {
    if (change === null) continue;
    const variant = change as Resource;
    const kind = kindOf(variant);
    const alike = seen.get(kind) ?? 0;
    if (kind.startsWith('UNKNOWN') || alike >= MAX_ALIKE) continue;
    seen.set(kind, alike + 1);
    variants.push(variant);
  }
  return variants;
}

/**
 * Denies each observed value in turn. The verdict must then be UNKNOWN, or be the same under every answer the read
 * might have given.
 *
 * @returns one sentence for each lie
 */
export function liesWhenDenied(check: Check, bases: readonly Resource[], context: CheckContext): readonly string[] {
  const lies: string[] = [];
  for (const base of bases) {
    for (const unknowable of unknowables(base)) {
      const { path, denial } = unknowable;
      const verdict = judge(check, replaceAt(base, path, denial), context).status;
      if (verdict === 'UNKNOWN') continue;
      const other = otherVerdict(verdict, unknowable, check, context);
      if (other !== undefined) {
        lies.push(`${path.join('.')} is denied: it says ${verdict}, but with ${other.answer} it says ${other.status}`);
      }
    }
  }
  return [...new Set(lies)];
}

/** Withholds the facts of other units; the same rule as in {@link liesWhenDenied}. */
export function liesWithoutFacts(check: Check, bases: readonly Resource[]): readonly string[] {
  const [blind, seeing] = [contextFor(check, { completeKinds: [] }), contextWithCompleteFacts(check)];
  const lies = bases.flatMap((base) => {
    const [without, withAll] = [judge(check, base, blind).status, judge(check, base, seeing).status];
    return without === 'UNKNOWN' || without === withAll ? [] : [`${without} without the facts, ${withAll} with them`];
  });
  return [...new Set(lies)];
}

/** Leaves out each optional field in turn; returns the paths on which the check threw. */
export function crashesWithoutField(
  check: Check,
  bases: readonly Resource[],
  context: CheckContext,
): readonly string[] {
  const crashes = bases.flatMap((base) =>
    [...walk(base)]
      .filter(({ path }) => optionalFields.has(String(path.at(-1))))
      .filter(({ path }) => isInternalError(check, dropAt(base, path), context))
      .map(({ path }) => path.join('.')),
  );
  return [...new Set(crashes)];
}

/** Puts hostile text in place of each string, and of all at once; returns where the check threw, and on what. */
export function crashesOnHostileText(
  check: Check,
  resources: readonly Resource[],
  context: CheckContext,
): readonly string[] {
  const crashes = resources.flatMap((base) => {
    const paths = stringPaths(base);
    return HOSTILE_STRINGS.flatMap((hostile) => {
      const everywhere = paths.reduce((resource, path) => replaceAt(resource, path, hostile), base);
      const suspects = paths.map((path) => ({ where: path.join('.'), resource: replaceAt(base, path, hostile) }));
      return [{ where: 'everywhere', resource: everywhere }, ...suspects]
        .filter(({ resource }) => isInternalError(check, resource, context))
        .map(({ where }) => `${where} = ${JSON.stringify(hostile.slice(0, 40))}`);
    });
  });
  return [...new Set(crashes)];
}

interface Completion {
  readonly answer: unknown;
  readonly resource: Resource;
}

interface Unknowable {
  readonly path: Path;
  readonly denial: unknown;
  /** What the read might have said. */
  readonly completions: Iterable<Completion>;
  /** Verdicts that may stand although an answer would have made the check not applicable. */
  readonly spared: readonly VerdictStatus[];
}

/** Everything in a resource that may not have been read: observed values, and words that are yes, no or unknown. */
function* unknowables(base: Resource): Generator<Unknowable> {
  for (const path of observedPaths(base)) {
    // What was seen passes, and what was not seen could only have said that it does not matter: nothing is hidden.
    yield { path, denial: denied('test:Read'), completions: completionsOf(base, path), spared: ['PASSED'] };
  }
  for (const { path, value } of walk(base)) {
    // `inUse` follows from the rest of the resource and lowers severities only.
    if ((value !== 'yes' && value !== 'no') || path.at(-1) === 'inUse') continue;
    const completions = ['yes', 'no'].map((answer) => ({ answer, resource: replaceAt(base, path, answer) }));
    // Such a word says whether something runs that a setting protects. That the setting is off was seen either way.
    yield { path, denial: 'unknown', completions, spared: ['PASSED', 'FAILED'] };
  }
}

function* completionsOf(base: Resource, path: Path): Generator<Completion> {
  const observed = path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], base);
  const { value } = observed as { value: unknown };
  yield { answer: value, resource: base };
  for (const answer of singleChanges(value, optionalFields)) {
    yield { answer, resource: replaceAt(base, path, { known: true, value: answer }) };
  }
}

function otherVerdict(
  verdict: VerdictStatus,
  { completions, spared }: Unknowable,
  check: Check,
  context: CheckContext,
): { answer: string; status: VerdictStatus } | undefined {
  for (const { answer, resource } of completions) {
    const { status } = judge(check, resource, context);
    // An UNKNOWN here is a variation that AWS would not answer, such as null where there is always a list.
    if (status === 'UNKNOWN' || status === verdict) continue;
    if (status === 'NOT_APPLICABLE' && spared.includes(verdict)) continue;
    return { answer: JSON.stringify(answer), status };
  }
  return undefined;
}

function isInternalError(check: Check, resource: Resource, context: CheckContext): boolean {
  return judge(check, resource, context).reason.startsWith(CHECK_ERROR_PREFIX);
}

/** All strings but the type: the pairing of checks with resources depends on it. */
function stringPaths(resource: Resource): readonly Path[] {
  return [...walk(resource)]
    .filter(({ path, value }) => typeof value === 'string' && path.at(-1) !== 'type')
    .map(({ path }) => path);
}

function namesOfOptionalFields(): ReadonlySet<string> {
  const collectors = join(ROOT, 'shared/collectors');
  const models = readdirSync(collectors, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('model.ts'))
    .map((file) => join(collectors, file));
  const domain = ['resource.ts', 'dockerfile.ts', 'pod-spec.ts', 'network-policy.ts'].map((file) =>
    join(ROOT, 'shared/domain', file),
  );
  const sources = [...models, ...domain].map((file) => readFileSync(file, 'utf8'));
  const declared = (pattern: RegExp) =>
    new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name]) => name ?? '')));
  const required = declared(/\breadonly (\w+):/g);
  return new Set([...declared(/\breadonly (\w+)\?:/g)].filter((name) => !required.has(name)));
}
