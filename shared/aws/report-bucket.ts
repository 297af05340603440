import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { ReportStore } from '../reports/store.ts';
import { readBytes, writeText } from './bucket.ts';

/** With these a browser opens what is in the bucket, and does not save it under a name without an ending. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  gz: 'application/gzip',
};

/** The bucket of reports. */
export class ReportBucket implements ReportStore {
  readonly name: string;
  readonly #client: S3Client;

  constructor(client: S3Client, name: string) {
    this.name = name;
    this.#client = client;
  }

  write(key: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
    const type = CONTENT_TYPES[key.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    return writeText(this.#client, this.name, key, chunks, type);
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await readBytes(this.#client, { bucket: this.name, key })) ?? undefined;
  }

  /** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html */
  async folders(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    const input = { Bucket: this.name, Prefix: prefix, Delimiter: '/' };
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: this.#client }, input)) {
      names.push(...CommonPrefixes.flatMap(({ Prefix }) => Prefix?.slice(prefix.length, -1) ?? []));
    }
    return names;
  }
}
