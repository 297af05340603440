import { createHash } from 'node:crypto';
import { GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import type { Observed } from '../../domain/observed.ts';
import type { RepositoryPlace } from './manifests.ts';

const OPERATION = 'ecr:GetDownloadUrlForLayer';
const ANSWER_MS = 60_000;
/** For the whole of a small blob. */
const SMALL_BLOB_MS = 60_000;

/** Raised where what came is not what the digest names. */
class BrokenBlobError extends Error {
  override readonly name = 'BrokenBlobError';
}

/**
 * Reads a small blob whole, and holds it against its digest.
 *
 * @param most so many bytes at most
 * @returns null where the repository does not have it any more
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
 */
export function downloadBlob(place: RepositoryPlace, digest: string, most: number): Promise<Observed<Buffer | null>> {
  return place.context.readOptional(
    OPERATION,
    ['LayersNotFoundException', 'LayerInaccessibleException', 'RepositoryNotFoundException'],
    async () => {
      const response = await openBlob(place, digest, { whole: AbortSignal.timeout(SMALL_BLOB_MS) });
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response) {
        size += chunk.byteLength;
        if (size > most) throw new BrokenBlobError('larger than it may be');
        chunks.push(chunk);
      }
      const bytes = Buffer.concat(chunks);
      if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest) {
        throw new BrokenBlobError('other bytes than the digest names');
      }
      return bytes;
    },
    { resource: place.repositoryArn },
  );
}

/**
 * Opens a blob as a stream of bytes. How long its bytes may take is the reader's business: a layer takes minutes.
 *
 * @param limits the milliseconds until the storage begins to answer, and what ends the whole
 * @throws what ECR answers, and an Error without the address where the storage behind it does not give the blob out
 */
export async function openBlob(
  { context, client, repositoryName }: RepositoryPlace,
  layerDigest: string,
  { answer = ANSWER_MS, whole }: { readonly answer?: number; readonly whole?: AbortSignal } = {},
): Promise<AsyncIterable<Uint8Array>> {
  const { downloadUrl } = await client.send(
    new GetDownloadUrlForLayerCommand({ registryId: context.accountId, repositoryName, layerDigest }),
  );
  if (downloadUrl === undefined) throw new BrokenBlobError('no address');
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(new DOMException('no answer in time', 'TimeoutError')), answer);
  const signal = whole === undefined ? waiting.signal : AbortSignal.any([waiting.signal, whole]);
  // The address is a permit to read for whoever has it: it must not get into an error.
  const response = await fetch(downloadUrl, { signal })
    .catch((error: unknown) => {
      // fetch hides behind a TypeError why there was no answer.
      throw (error as { readonly cause?: unknown }).cause ?? error;
    })
    .finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new BrokenBlobError(`HTTP ${response.status}`);
  }
  return response.body;
}
