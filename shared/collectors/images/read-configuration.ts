import { z } from 'zod';
import { buildToolsLeftBy, commandFormOf, type ImageConfiguration } from '../../domain/image-content.ts';
import type { CollectorContext } from '../../domain/ports.ts';

const words = z.array(z.string()).nullish();
const texts = z.record(z.string(), z.string()).nullish();
const configurationSchema = z.object({
  os: z.string().nullish(),
  architecture: z.string().nullish(),
  'os.version': z.string().nullish(),
  created: z.string().nullish(),
  config: z
    .object({
      User: z.string().nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
      Env: words,
      Entrypoint: words,
      Cmd: words,
      Labels: texts,
    })
    .nullish(),
  history: z.array(z.object({ created_by: z.string().nullish(), comment: z.string().nullish() })).nullish(),
});

/** Bounds for what a hostile image may hold; real ones have a tenth of it. */
const MOST_ITEMS = 500;
const MOST_CHARACTERS = 32_768;

/**
 * Reads the configuration of an image and classifies its free text: the texts themselves go no further.
 *
 * @returns undefined for what is no configuration
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export async function readConfiguration(
  bytes: Buffer,
  { classify }: Pick<CollectorContext, 'classify'>,
): Promise<ImageConfiguration | undefined> {
  const parsed = configurationSchema.safeParse(jsonOf(bytes.toString('utf8')));
  if (!parsed.success) return undefined;
  const { config, history, created } = parsed.data;
  const environment = (config?.Env ?? []).slice(0, MOST_ITEMS).map(splitAssignment);
  const labels = Object.entries(config?.Labels ?? {}).slice(0, MOST_ITEMS);
  // What still stands in the environment or the labels is judged there.
  const repeated = new Set([
    ...environment.map(([name, value]) => `ENV ${name}=${value}`),
    ...labels.map(([name, value]) => `LABEL ${name}=${value}`),
  ]);
  const classified = async ([name, value]: readonly [string, string]) => ({
    name,
    text: await classify(name, value.slice(0, MOST_CHARACTERS)),
  });
  const createdAt = buildTime(created);
  return {
    ...(parsed.data.os ? { os: parsed.data.os } : {}),
    ...(parsed.data.architecture ? { architecture: parsed.data.architecture } : {}),
    ...(parsed.data['os.version'] ? { osVersion: parsed.data['os.version'] } : {}),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(config?.User ? { user: config.User } : {}),
    exposedPorts: Object.keys(config?.ExposedPorts ?? {}).sort(),
    entrypoint: commandFormOf(config?.Entrypoint ?? []),
    command: commandFormOf(config?.Cmd ?? []),
    environment: await Promise.all(environment.map(classified)),
    labels: await Promise.all(labels.map(classified)),
    history: history
      ? await Promise.all(
          history.slice(0, MOST_ITEMS).map(async ({ created_by }) => {
            const step = (created_by ?? '').slice(0, MOST_CHARACTERS);
            const own = repeated.has(plainStep(step)) ? '' : step;
            return { text: await classify('created_by', own), installs: buildToolsLeftBy(step) };
          }),
        )
      : null,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}

function splitAssignment(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A step without the marks that builders put around instructions which run nothing. */
function plainStep(step: string): string {
  return step
    .replace(/^\/bin\/sh -c #\(nop\)\s+/, '')
    .replace(/\s+# buildkit$/, '')
    .trim();
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
