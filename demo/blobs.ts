import type { ServerResponse } from 'node:http';
import { write } from './http.ts';
import type { Recorder } from './recorder.ts';
import { regionOf, type World } from './world/world.ts';

/**
 * Gives out a configuration or a layer at the address that `GetDownloadUrlForLayer` named. As on AWS, where it is an
 * address of S3, the request is signed by nobody.
 */
export function serveBlob(
  { world, recorder }: { world: World; recorder: Recorder },
  url: string,
  response: ServerResponse,
): void {
  const [, , accountId, regionName = '', digest = ''] = url.split('/');
  const account = world.accounts.find(({ id }) => id === accountId);
  const blob = account && regionOf(account, regionName)?.ecr.blobs.get(decodeURIComponent(digest));
  recorder.blobs += 1;
  if (blob === undefined) write(response, { status: 404, headers: {}, body: '' });
  else write(response, { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: blob });
}
