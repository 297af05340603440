import { z } from 'zod';
import {
  buildToolsLeftBy,
  commandFormOf,
  type ImageConfiguration,
  type NamedClassifiedText,
} from '../../domain/image-content.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { withholdSecretValue } from '../secrets/tag-values.ts';

type Classify = CollectorContext['classify'];

const words = z.array(z.string()).nullish();
const texts = z.record(z.string(), z.string()).nullish();
const configurationSchema = anyCase({
  os: z.string().nullish(),
  architecture: z.string().nullish(),
  'os.version': z.string().nullish(),
  created: z.string().nullish(),
  config: anyCase({
    User: z.string().nullish(),
    ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    Env: words,
    Entrypoint: words,
    Cmd: words,
    Labels: texts,
  }).nullish(),
  history: z.array(anyCase({ created_by: z.string().nullish(), comment: z.string().nullish() })).nullish(),
});

/**
 * An object as Go reads it, in which all runtimes are written: names count in any case. One that has a name twice is
 * refused: which of both a runtime takes depends on their order.
 *
 * @see https://pkg.go.dev/encoding/json#Unmarshal
 */
function anyCase<S extends z.ZodRawShape>(shape: S) {
  const names = new Map(Object.keys(shape).map((name) => [folded(name), name]));
  return z.preprocess((value, { addIssue }) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const read = new Map<string, unknown>();
    for (const [key, field] of Object.entries(value)) {
      const name = names.get(folded(key));
      if (name === undefined) continue;
      if (read.has(name)) addIssue('a name stands there twice');
      read.set(name, field);
    }
    return Object.fromEntries(read);
  }, z.object(shape));
}

/** Go folds the long s as well. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's');
}

/** A hundred times what real images have. Those that buildpacks make have labels of 100,000 characters. */
const MOST_TEXTS = 3_000;
const MOST_OF_A_TEXT = 262_144;
const MOST_CHARACTERS = 2_000_000;

/**
 * Reads the configuration of an image and classifies its free text: the texts themselves go no further.
 *
 * @returns undefined for what is no configuration
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export async function readConfiguration(
  bytes: Buffer,
  { classify }: { readonly classify: Classify },
): Promise<ImageConfiguration | undefined> {
  const parsed = configurationSchema.safeParse(jsonOf(bytes.toString('utf8')));
  if (!parsed.success) return undefined;
  const { config, history, created } = parsed.data;
  const bounds = new Bounds();
  const environment = bounds.within(config?.Env ?? []);
  const labels = bounds.within(Object.entries(config?.Labels ?? {}).map(([name, value]) => `${name}=${value}`));
  const steps = bounds.within((history ?? []).map(({ created_by }) => created_by ?? ''));
  // What still stands in the environment or the labels is judged there.
  const repeated = new Set([...environment.map((text) => `ENV ${text}`), ...labels.map((text) => `LABEL ${text}`)]);
  const createdAt = buildTime(created);
  const shown = (text: string) => withholdSecretValue('', text, classify);
  return {
    ...(parsed.data.os ? { os: await shown(parsed.data.os) } : {}),
    ...(parsed.data.architecture ? { architecture: await shown(parsed.data.architecture) } : {}),
    ...(parsed.data['os.version'] ? { osVersion: await shown(parsed.data['os.version']) } : {}),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(config?.User ? { user: await shownUser(config.User, shown) } : {}),
    exposedPorts: (await oneByOne(bounds.within(Object.keys(config?.ExposedPorts ?? {})), shown)).sort(),
    entrypoint: commandFormOf(config?.Entrypoint ?? []),
    command: commandFormOf(config?.Cmd ?? []),
    environment: await oneByOne(environment, (text, index) => classified(text, index, classify)),
    labels: await oneByOne(labels, (text, index) => classified(text, index, classify)),
    history: history
      ? await oneByOne(steps, async (step) => {
          const own = repeated.has(plainStep(step)) ? '' : step;
          return { text: await classify('created_by', own), installs: buildToolsLeftBy(step) };
        })
      : null,
    ...(bounds.areExceeded ? { cutOff: true } : {}),
  };
}

/** Not all at once: between hostile texts timers have their turn. */
async function oneByOne<T>(texts: readonly string[], look: (text: string, index: number) => Promise<T>): Promise<T[]> {
  const looked: T[] = [];
  for (const [index, text] of texts.entries()) looked.push(await look(text, index));
  return looked;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}

/** Takes texts until there are more than anybody looks through. */
class Bounds {
  areExceeded = false;
  #texts = MOST_TEXTS;
  #characters = MOST_CHARACTERS;

  within(texts: readonly string[]): readonly string[] {
    const taken: string[] = [];
    for (const text of texts) {
      const part = text.slice(0, Math.min(MOST_OF_A_TEXT, this.#characters));
      if (part.length < text.length || this.#texts === 0) this.areExceeded = true;
      if (this.#texts === 0) break;
      taken.push(part);
      this.#texts -= 1;
      this.#characters -= part.length;
    }
    return taken;
  }
}

/** A name that goes where findings go; others may hold a secret themselves. */
const SHOWN_NAME = /^[\w./-]{1,200}$/;

/** A text `name=value`, under its name; one whose name is none is told by its place, and looked at as a whole. */
async function classified(text: string, index: number, classify: Classify): Promise<NamedClassifiedText> {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0));
  const isShown = SHOWN_NAME.test(name) && (await classify('', name)).detections.length === 0;
  return isShown
    ? { name, text: await classify(name, text.slice(at + 1)) }
    : { name: String(index), text: await classify('', text) };
}

/** A user as written; of one beside which a secret stands, who it is. */
async function shownUser(user: string, shown: (text: string) => Promise<string>): Promise<string> {
  const whole = await shown(user);
  const [name = '', ...rest] = user.split(':');
  return whole === user || rest.length === 0 ? whole : `${await shown(name)}:${whole}`;
}

const BUILDKIT = ' # buildkit';

/** A step without the marks that builders put around instructions which run nothing. */
function plainStep(step: string): string {
  const instruction = step.replace(/^\/bin\/sh -c #\(nop\)\s+/, '');
  return (instruction.endsWith(BUILDKIT) ? instruction.slice(0, -BUILDKIT.length) : instruction).trim();
}

/**
 * Builds that are to be the same each time say a time long ago: the first of 1970, of 1980 (zip), or the zero of Go.
 *
 * @see https://reproducible-builds.org/docs/timestamps/
 */
function buildTime(created: string | null | undefined): string | undefined {
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) || time < Date.UTC(1981, 0, 1) ? undefined : new Date(time).toISOString();
}
