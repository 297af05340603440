import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { errorName } from './errors.ts';

/** A text object as it was read. */
export interface TextObject {
  readonly text: string;
  readonly etag?: string;
}

/**
 * Reads a text, unless it is still the one that is known.
 *
 * @returns the known one where nothing changed, null where there is no such object
 * @throws what S3 answers otherwise: an object that cannot be read is not the same as none
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function readText(
  client: S3Client,
  bucket: string,
  key: string,
  known?: TextObject,
): Promise<TextObject | null> {
  try {
    const answer = await client.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(known?.etag === undefined ? {} : { IfNoneMatch: known.etag }),
      }),
    );
    const text = (await answer.Body?.transformToString('utf-8')) ?? '';
    return { text, ...(answer.ETag === undefined ? {} : { etag: answer.ETag }) };
  } catch (error) {
    const name = errorName(error);
    if (known !== undefined && httpStatus(error) === 304) return known;
    if (name === 'NoSuchKey' || name === 'NotFound') return null;
    throw error;
  }
}

/** An object in a bucket. */
interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** What an object in a bucket is named by: `s3://BUCKET/KEY`. */
const OBJECT_PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.{1,1024})(?<!\/)$/;

/** @returns undefined where the text is no `s3://BUCKET/KEY` */
export function objectPlace(text: string): ObjectPlace | undefined {
  const [, bucket, key] = OBJECT_PLACE.exec(text) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

/**
 * Reads a text line by line, so that it is never held whole.
 *
 * @returns null where there is no such object
 * @throws what S3 answers otherwise
 */
export async function readLines(client: S3Client, place: ObjectPlace): Promise<AsyncIterable<string> | null> {
  const input = await readBytes(client, place);
  return input === null ? null : createInterface({ input });
}

/**
 * Reads an object piece by piece.
 *
 * @returns null where there is no such object
 * @throws what S3 answers otherwise
 */
export async function readBytes(client: S3Client, { bucket, key }: ObjectPlace): Promise<Readable | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (Body ?? Readable.from([])) as Readable;
  } catch (error) {
    const name = errorName(error);
    if (name === 'NoSuchKey' || name === 'NotFound') return null;
    throw error;
  }
}

/**
 * Writes a text, or its compressed form, piece by piece, in parts, so that it is never held whole. The SDK sends a
 * checksum with each part, which a bucket with Object Lock asks for.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export async function writeText(
  client: S3Client,
  bucket: string,
  key: string,
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string>,
  contentType: string,
): Promise<void> {
  const Body = Readable.from(chunks, { objectMode: false });
  await new Upload({ client, params: { Bucket: bucket, Key: key, Body, ContentType: contentType } }).done();
}

/** That nothing changed has no body, and so no name of its own. */
function httpStatus(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
