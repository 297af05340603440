import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  ListImageReferrersCommand,
} from '@aws-sdk/client-ecr';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError, rejectUnstubbed } from '#test/support/collect.ts';

export const ecr = mockClient(ECRClient);

/** What the storage behind the registry gives out, by digest; the server is the test's own. */
export const blobs = new Map<string, Buffer>();
let server: Server;

export async function startStorage(): Promise<void> {
  server = createServer((request, response) => {
    const blob = blobs.get(decodeURIComponent(request.url?.slice(1) ?? ''));
    response.writeHead(blob === undefined ? 404 : 200);
    response.end(blob);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export function stopStorage(): void {
  server.close();
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Puts a configuration into the storage. @returns its digest */
export function storeConfiguration(configuration: unknown): string {
  const bytes = Buffer.from(JSON.stringify(configuration));
  blobs.set(digestOf(bytes), bytes);
  return digestOf(bytes);
}

export function imageManifest(configuration: string, layers: readonly unknown[] = []): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: configuration, size: 100 },
    layers,
  });
}

/** A registry with these manifests, of which each was scanned without a result. */
export function stubRegistry(manifests: Readonly<Record<string, string>>): void {
  rejectUnstubbed(ecr.reset());
  const { port } = server.address() as AddressInfo;
  ecr.on(BatchGetImageCommand).callsFake(({ imageIds = [] }: { imageIds?: { imageDigest?: string }[] }) => ({
    images: imageIds.flatMap(({ imageDigest = '' }) =>
      manifests[imageDigest] === undefined ? [] : [{ imageId: { imageDigest }, imageManifest: manifests[imageDigest] }],
    ),
    failures: imageIds
      .filter(({ imageDigest = '' }) => manifests[imageDigest] === undefined)
      .map((imageId) => ({ imageId, failureCode: 'ImageNotFound' })),
  }));
  ecr.on(GetDownloadUrlForLayerCommand).callsFake(({ layerDigest }: { layerDigest: string }) => {
    if (!blobs.has(layerDigest)) throw awsError('LayersNotFoundException');
    return { downloadUrl: `http://127.0.0.1:${port}/${layerDigest}` };
  });
  ecr.on(DescribeImageScanFindingsCommand).resolves({
    imageScanStatus: { status: 'ACTIVE' },
    imageScanFindings: { enhancedFindings: [] },
  });
  ecr.on(ListImageReferrersCommand).resolves({ referrers: [] });
}
