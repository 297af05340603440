import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { ECRClient, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, expect, test } from 'vitest';
import { openBlob } from '#shared/collectors/images/download.ts';
import type { RepositoryPlace } from '#shared/collectors/images/manifests.ts';
import { digest } from '#test/factories/ecr.ts';
import { ACCOUNT } from '#test/factories/resource.ts';

let storage: Server;

afterEach(() => storage.close());

/** A repository whose blobs are given out by this. */
async function repository(answer: RequestListener): Promise<RepositoryPlace> {
  storage = createServer(answer);
  await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
  const { port } = storage.address() as AddressInfo;
  mockClient(ECRClient)
    .on(GetDownloadUrlForLayerCommand)
    .resolves({ downloadUrl: `http://127.0.0.1:${port}/?permit` });
  return { context: { accountId: ACCOUNT }, client: new ECRClient({}), repositoryName: 'app' } as never;
}

const slowly: RequestListener = async (_request, response) => {
  response.write('bytes');
  await wait(300);
  response.end(' that come later');
};

test('bytes may come for longer than the storage may take to begin', async () => {
  const blob = await openBlob(await repository(slowly), digest(1), { answer: 150 });

  expect(await text(blob)).toBe('bytes that come later');
});

test('bytes come no longer than the whole may take', async () => {
  const blob = await openBlob(await repository(slowly), digest(1), { whole: AbortSignal.timeout(150) });

  await expect(text(blob)).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a storage that does not begin to answer is not waited for, and its address is not told', async () => {
  const place = await repository(async (_request, response) => {
    await wait(300);
    response.end();
  });
  const error = await openBlob(place, digest(1), { answer: 50 }).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ name: 'TimeoutError' });
  expect(String(error)).not.toContain('permit');
});
