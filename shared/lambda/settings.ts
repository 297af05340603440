import { posix } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { readText, type TextObject } from '../aws/bucket.ts';
import type { LambdaEnvironment } from '../config/lambda-environment.ts';
import { ConfigError, type LoadedConfig, loadConfig } from '../config/load.ts';
import { parseWaivers } from '../config/waivers-file.ts';
import type { WaiverSet } from '../domain/waiver.ts';
import type { CheckRegistry } from '../engine/registry.ts';

/** The configuration of a deployment with its waivers. */
export interface Settings extends LoadedConfig {
  readonly waivers?: WaiverSet;
}

/** So long what was read is taken to be what is there. */
const FRESH_MS = 5 * 60_000;

/** The configuration in its bucket: read at most every five minutes, and only what has changed since. */
export class BucketSettings {
  readonly #registry: CheckRegistry;
  readonly #environment: LambdaEnvironment;
  readonly #client: S3Client;
  readonly #objects = new Map<string, TextObject>();
  #settings: { readonly readAt: number; readonly value: Promise<Settings> } | undefined;

  constructor(registry: CheckRegistry, environment: LambdaEnvironment, client: S3Client) {
    this.#registry = registry;
    this.#environment = environment;
    this.#client = client;
  }

  /**
   * @throws ConfigError where the configuration or the waivers cannot be used: a run with neither is no run (AU-9)
   */
  read(now: Date): Promise<Settings> {
    const known = this.#settings;
    if (known !== undefined && now.getTime() - known.readAt < FRESH_MS) return known.value;
    const value = this.#load(now);
    this.#settings = { readAt: now.getTime(), value };
    value.catch(() => {
      // Whoever waits for it gets the error; whoever comes later tries again.
      this.#settings = undefined;
    });
    return value;
  }

  async #load(now: Date): Promise<Settings> {
    const { HULLCHECK_CONFIG_BUCKET: bucket, HULLCHECK_CONFIG_KEY: key } = this.#environment;
    if (bucket === undefined) return loadConfig(undefined, 'the defaults', this.#registry);
    const source = `s3://${bucket}/${key}`;
    const text = await this.#text(bucket, key);
    const loaded = loadConfig(text ?? undefined, text === null ? 'the defaults' : source, this.#registry);
    const { waivers } = loaded.config;
    if (waivers === undefined) return loaded;
    const waiversKey = posix.join(posix.dirname(key), waivers);
    const waiversText = await this.#text(bucket, waiversKey);
    const waiversSource = `s3://${bucket}/${waiversKey}`;
    if (waiversText === null)
      throw new ConfigError([`${source} names the waivers file ${waiversSource}, which does not exist.`]);
    return { ...loaded, waivers: parseWaivers(waiversText, waiversSource, this.#registry, now) };
  }

  async #text(bucket: string, key: string): Promise<string | null> {
    const found = await readText(this.#client, bucket, key, this.#objects.get(key));
    if (found === null) this.#objects.delete(key);
    else this.#objects.set(key, found);
    return found?.text ?? null;
  }
}
