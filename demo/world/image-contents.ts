import { createHash } from 'node:crypto';
import type { DescribeImageScanFindingsCommandOutput, ImageDetail, ImageReferrer } from '@aws-sdk/client-ecr';
import { baseLayer } from './layers.ts';

const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
const dockerConfig = 'application/vnd.docker.container.image.v1+json';
const ociConfig = 'application/vnd.oci.image.config.v1+json';
const dockerLayer = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const ociLayer = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** The parts of a scan's result that differ between images. */
export type ScanResult = Pick<DescribeImageScanFindingsCommandOutput, 'imageScanStatus' | 'imageScanFindings'>;

/** What is behind the digest of an image. */
export interface ImageContents {
  /** The manifest, as it was pushed. */
  manifest: string;
  mediaType: string;
  /** The configuration and the layers, by digest. */
  blobs: ReadonlyMap<string, Buffer>;
  /** Null where the image was never scanned; absent: whatever scanning the repository has. */
  scan?: ScanResult | null;
  referrers?: ImageReferrer[];
}

/** A configuration of an image, as far as anybody looks at it. */
export interface ImageConfig {
  created?: string;
  architecture?: string;
  os?: string;
  'os.version'?: string;
  config?: Record<string, unknown>;
  history?: { created_by: string; empty_layer?: boolean }[];
}

/** The configuration of an image that follows every practice. */
export function goodConfig(created: Date | undefined): ImageConfig {
  return {
    ...(created === undefined ? {} : { created: created.toISOString() }),
    architecture: 'amd64',
    os: 'linux',
    config: {
      User: '1000:1000',
      ExposedPorts: { '8080/tcp': {} },
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'NODE_ENV=production'],
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['node', 'server.js'],
      Labels: { 'org.opencontainers.image.source': 'https://git.tidewater.example/secure-app' },
    },
    history: [
      { created_by: 'ADD alpine-minirootfs-3.22.1-x86_64.tar.gz / # buildkit' },
      { created_by: 'RUN /bin/sh -c apk update && apk upgrade --no-cache # buildkit' },
      { created_by: 'COPY /app/node_modules ./node_modules # buildkit' },
      { created_by: 'USER 1000:1000', empty_layer: true },
      { created_by: 'CMD ["node" "server.js"]', empty_layer: true },
    ],
  };
}

/** The digest of some bytes. */
export function digestOfBytes(bytes: string | Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** An image of one platform: its configuration, and its layers; the base image alone unless told. */
export function imageContents(
  config: ImageConfig,
  more: Partial<ImageContents> & {
    annotations?: Record<string, string>;
    /** Archives, compressed by gzip. */
    layers?: readonly Buffer[];
  } = {},
): ImageContents {
  const { annotations, layers = [baseLayer], ...rest } = more;
  const mediaType = rest.mediaType ?? dockerManifest;
  const isDocker = mediaType === dockerManifest;
  const bytes = Buffer.from(JSON.stringify(config));
  const blobs = new Map<string, Buffer>([[digestOfBytes(bytes), bytes]]);
  for (const layer of layers) blobs.set(digestOfBytes(layer), layer);
  return {
    mediaType,
    blobs,
    manifest: JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: { mediaType: isDocker ? dockerConfig : ociConfig, digest: digestOfBytes(bytes), size: bytes.length },
      layers: layers.map((layer) => ({
        mediaType: isDocker ? dockerLayer : ociLayer,
        digest: digestOfBytes(layer),
        size: layer.length,
      })),
      ...(annotations === undefined ? {} : { annotations }),
    }),
    ...rest,
  };
}

/** An index of images, with the attestations that BuildKit puts beside them. */
export function indexContents(
  children: readonly { digest: string; architecture: string; attestationOf?: string }[],
): ImageContents {
  return {
    mediaType: 'application/vnd.oci.image.index.v1+json',
    blobs: new Map(),
    manifest: JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: children.map(({ digest, architecture, attestationOf }) => ({
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        size: 1_800,
        platform: { os: attestationOf === undefined ? 'linux' : 'unknown', architecture },
        ...(attestationOf === undefined
          ? {}
          : {
              annotations: {
                'vnd.docker.reference.type': 'attestation-manifest',
                'vnd.docker.reference.digest': attestationOf,
              },
            }),
      })),
    }),
  };
}

/** What is behind an image of which nothing special is known: a good one, built when it was pushed. */
export function usualContents({ imagePushedAt, imageManifestMediaType }: ImageDetail): ImageContents {
  return imageContents(
    goodConfig(imagePushedAt),
    imageManifestMediaType === undefined ? {} : { mediaType: imageManifestMediaType },
  );
}
