import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { objectPlace, writeText } from '#shared/aws/bucket.ts';
import { classifyError, errorName } from '#shared/aws/errors.ts';
import { bucketClient } from '#shared/inventory-file/stored.ts';
import { fileProblem } from './errors.ts';
import { UsageError } from './io.ts';

/**
 * Says that a file cannot be written before the account is read, which takes a while. Leaves what is there as it is.
 *
 * @throws UsageError if the file cannot be written
 */
export async function requireWritable(file: string): Promise<void> {
  if (isInBucket(file)) {
    if (objectPlace(file) === undefined) throw new UsageError(`"${file}" is not of the form s3://BUCKET/KEY.`);
    return;
  }
  try {
    await access(dirname(file), constants.W_OK);
    if (await isDirectory(file)) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
  } catch (error) {
    throw cannotBeWritten(file, error);
  }
}

/** @throws UsageError if the directory is not there and cannot be made, or cannot be written to */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new UsageError(`The directory ${directory} cannot be made: ${fileProblem(error)}.`);
  }
}

/** @throws UsageError if the file cannot be written */
export async function writeFileStream(file: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  const stream = createWriteStream(file);
  const closed = finished(stream);
  try {
    await Promise.race([write(stream), closed]);
    stream.end();
    await closed;
  } catch (error) {
    stream.destroy();
    await closed.catch(() => undefined);
    if ((error as { code?: string }).code === undefined) throw error;
    throw cannotBeWritten(file, error);
  }
}

/** Whether a place is meant to be in a bucket, well-formed or not. */
export function isInBucket(place: string): boolean {
  return place.startsWith('s3://');
}

/**
 * Writes a text into a bucket; the object is there whole or not at all.
 *
 * @throws UsageError if the bucket does not take it
 */
export async function writeToBucket(
  place: string,
  chunks: Iterable<string>,
  contentType: string,
  profile?: string,
): Promise<void> {
  const object = objectPlace(place);
  if (object === undefined) throw new UsageError(`"${place}" is not of the form s3://BUCKET/KEY.`);
  const client = bucketClient(profile);
  try {
    await writeText(client, object.bucket, object.key, chunks, contentType);
  } catch (error) {
    throw new UsageError(`${place} cannot be written: ${bucketProblem(error)}`);
  } finally {
    client.destroy();
  }
}

/** S3's answer as words a person understands. */
function bucketProblem(error: unknown): string {
  if (errorName(error) === 'NoSuchBucket') return 'there is no such bucket.';
  const { cause, message } = classifyError(error, 's3:PutObject');
  return cause === 'denied'
    ? 's3:PutObject was denied: allow it, and kms:GenerateDataKey and kms:Decrypt where the bucket has a key of its own.'
    : message;
}

function cannotBeWritten(file: string, error: unknown): UsageError {
  return new UsageError(`${file} cannot be written: ${fileProblem(error)}.`);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
}
