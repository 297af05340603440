import { isNode, LineCounter, type ParsedNode, parseDocument, type Document as YamlDocument } from 'yaml';
import { z } from 'zod';
import {
  daysBetween,
  type IgnoredWaiver,
  isGlob,
  MAX_WAIVER_DAYS,
  type Waiver,
  type WaiverSet,
} from '../domain/waiver.ts';
import { matchesWildcard } from '../domain/wildcard.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { ConfigError } from './load.ts';

/** The clocks of those who write waivers may be ahead of UTC by so much. */
const CLOCK_SLACK_MS = 86_400_000;

/**
 * Every scalar is text: an account id needs no quotes and keeps its leading zeros, and `no` is a word.
 *
 * @see https://yaml.org/spec/1.2.2/#101-failsafe-schema
 */
const YAML_OPTIONS = { schema: 'failsafe', prettyErrors: false } as const;

const missingOr = (wrong: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? 'is missing' : wrong;

const text = (max: number) =>
  z
    .string({ error: missingOr('must be text') })
    .trim()
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !/^(?:null|~|)$/i.test(value), 'is empty');

const pattern = text(2048);

/** One pattern, or a list of them. */
const patterns = (item: z.ZodType<string>) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(item, { error: missingOr('must be text or a list') }).min(1, 'is an empty list'),
  );

const account = pattern.refine(
  (value) => /^\d{12}$/.test(value) || (isGlob(value) && /^[\d*]+$/.test(value)),
  'must be an account id of 12 digits, or a glob',
);
const region = pattern.refine(
  (value) => /^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(value) || (isGlob(value) && /^[a-z\d*-]+$/.test(value)),
  'must look like a region, such as eu-west-1, or be a glob',
);

const scope = z
  .strictObject(
    {
      accounts: patterns(account).optional(),
      regions: patterns(region).optional(),
      resource: patterns(pattern).optional(),
      cluster: patterns(pattern).optional(),
      namespace: patterns(pattern).optional(),
      tags: z
        .record(z.string().min(1), z.string({ error: 'must be text' }), { error: 'must have keys and values' })
        .refine((tags) => Object.keys(tags).length > 0, 'names no tag')
        .optional(),
    },
    { error: missingOr('must have keys and values') },
  )
  .refine((value) => Object.keys(value).length > 0, "restricts nothing; where all is meant, say accounts: ['*']");

/** A day, or an instant with its offset. A day lasts until its end, so that it is the last on which a waiver holds. */
const time = (endOfDay: boolean) =>
  z
    .string({ error: missingOr('must be a date') })
    .refine(
      (value) => z.iso.date().safeParse(value).success || z.iso.datetime({ offset: true }).safeParse(value).success,
      'must be a date such as 2026-11-23, or a time with its offset',
    )
    .transform((value) => {
      const isDay = value.length === '2026-11-23'.length;
      return new Date(isDay && endOfDay ? `${value}T23:59:59.999Z` : value).toISOString();
    });

const times = z.object({ createdAt: time(false), expiresAt: time(true) });

/** The schema of one waiver, for a catalogue of checks and a clock. */
function waiverSchema(registry: CheckRegistry, now: Date) {
  const check = pattern.refine((value) => idsOf(value, registry).length > 0, {
    error: ({ input }) => `there is no check ${JSON.stringify(input)}`,
  });
  const both = { path: ['expiresAt'], when: (payload: { value: unknown }) => times.safeParse(payload.value).success };
  return z
    .strictObject(
      {
        id: text(128).regex(/^[A-Za-z0-9][\w.-]*$/, 'may have letters, digits, dots, dashes and underscores only'),
        checks: patterns(check),
        scope,
        reason: text(1000),
        owner: text(200),
        approvedBy: text(200),
        ...times.shape,
      },
      { error: 'must have keys and values' },
    )
    .refine(({ createdAt }) => Date.parse(createdAt) <= now.getTime() + CLOCK_SLACK_MS, {
      error: 'lies in the future',
      ...both,
      path: ['createdAt'],
    })
    .refine(({ createdAt, expiresAt }) => createdAt < expiresAt, { error: 'must be later than createdAt', ...both })
    .refine(({ createdAt, expiresAt }) => daysBetween(createdAt, expiresAt) <= MAX_WAIVER_DAYS, {
      error: `must be at most ${MAX_WAIVER_DAYS} days after createdAt`,
      ...both,
    });
}

const fileSchema = z.strictObject(
  {
    version: z.literal('1', { error: missingOr('must be 1') }),
    waivers: z.array(z.unknown(), { error: missingOr('must be a list') }),
  },
  { error: 'must have the keys version and waivers' },
);

/**
 * Reads a waivers file. A waiver that is written wrongly is ignored and reported, so that its findings come back: a
 * mistake must not hide anything. A file that is no waivers file at all is an error, because an empty list in its place
 * would look like a decision.
 *
 * @param text the YAML text
 * @param source the file's name, for messages
 * @param registry all checks there are, to resolve globs and earlier ids
 * @param now the clock against which a date of creation may lie in the future
 * @throws ConfigError with every problem that keeps the file from being read
 */
export function parseWaivers(text: string, source: string, registry: CheckRegistry, now: Date): WaiverSet {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => `${source}, line ${lines.linePos(error.pos[0]).line}: ${error.message}.`),
    );
  }
  const lineOf = (path: readonly PropertyKey[]) => lineAt(document, lines, path);
  const file = fileSchema.safeParse(contentOf(document, source));
  if (!file.success) {
    throw new ConfigError(
      file.error.issues.flatMap((issue) => sentences(source, 'the waivers file', issue, [], lineOf)),
    );
  }
  const schema = waiverSchema(registry, now);
  const firstLines = new Map<string, number>();
  const waivers: Waiver[] = [];
  const ignored: IgnoredWaiver[] = [];
  for (const [index, raw] of file.data.waivers.entries()) {
    const place = ['waivers', index];
    const line = lineOf(place);
    const id = idOf(raw) ?? `waivers[${index}]`;
    const parsed = schema.safeParse(raw);
    const problems = parsed.success
      ? []
      : parsed.error.issues.flatMap((issue) => sentences(source, `waiver ${id}`, issue, place, lineOf));
    const first = firstLines.get(id);
    if (first === undefined) firstLines.set(id, line);
    else problems.push(`${source}, line ${line}: waiver ${id}: the id is taken by the waiver of line ${first}.`);
    if (!parsed.success || problems.length > 0) ignored.push({ id, problems });
    else waivers.push(waiverOf(parsed.data, line, registry));
  }
  return { waivers, ignored };
}

function contentOf(document: YamlDocument.Parsed<ParsedNode>, source: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // The only thing that can go wrong here are aliases: unknown ones, or so many that the file explodes.
    throw new ConfigError([`${source}: ${error instanceof Error ? error.message : String(error)}.`]);
  }
}

function waiverOf(
  { checks, scope: given, ...rest }: z.infer<ReturnType<typeof waiverSchema>>,
  line: number,
  registry: CheckRegistry,
): Waiver {
  const ids = [...new Set(checks.flatMap((check) => idsOf(check, registry)))];
  // `undefined` stands for what was left out, which the domain does not know.
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...rest, checks: ids, scope: defined, line };
}

/** The current ids of the checks that an id, an earlier id or a glob names. */
function idsOf(check: string, registry: CheckRegistry): readonly string[] {
  if (isGlob(check)) {
    return registry.checks
      .filter(({ id, aliases = [] }) => [id, ...aliases].some((one) => matchesWildcard(check, one)))
      .map(({ id }) => id);
  }
  const found = registry.find(check);
  return found === undefined ? [] : [found.id];
}

function idOf(raw: unknown): string | undefined {
  const id = (raw as { id?: unknown } | null)?.id;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function sentences(
  source: string,
  subject: string,
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
  lineOf: (path: readonly PropertyKey[]) => number,
): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return `${source}, line ${lineOf([...prefix, ...path])}: ${subject}: there is no key ${path.map(String).join('.')}.`;
    });
  }
  const path = issue.path.map(String).join('.');
  const what = path === '' ? issue.message : `${path} ${issue.message}`;
  return [`${source}, line ${lineOf([...prefix, ...issue.path])}: ${subject}: ${what}.`];
}

/** The line of a value, or of the nearest thing around it where it is missing. */
function lineAt(document: YamlDocument.Parsed<ParsedNode>, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  const { contents } = document;
  return contents?.range ? lines.linePos(contents.range[0]).line : 1;
}
