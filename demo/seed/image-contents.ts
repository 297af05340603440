import type { EnhancedImageScanFinding, ImageReferrer } from '@aws-sdk/client-ecr';
import {
  goodConfig,
  type ImageConfig,
  type ImageContents,
  imageContents,
  indexContents,
  type ScanResult,
} from '../world/image-contents.ts';
import { baseLayer, carelessLayer } from '../world/layers.ts';
import type { RegionState } from '../world/world.ts';
import { childDigest, releaseDigest } from './images.ts';
import { daysBefore, digestOf } from './tidewater.ts';

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

/** Looks real to a detector and opens nothing; put together here, so that no scanner of source code takes it for a leak. */
const fakeToken = ['ghp', 'R7xQ2mV9cT4nB8kL1pW6zY3dF5hJ0sA7uE2g'].join('_');

/** What is inside the images of Tidewater Foods: those that nothing is said of follow every practice. */
export function seedImageContents(now: Date, usEast1: RegionState): void {
  const of = (repository: string, tag: string, contents: ImageContents) =>
    put(usEast1, repository, releaseDigest(repository, tag), contents);
  const secureApp = 'tidewater/secure-app';
  of(
    secureApp,
    'v1.2.3',
    imageContents(goodConfig(daysBefore(now, 12)), {
      referrers: [
        referrer(secureApp, 'v1.2.3', 'signature', 'application/vnd.cncf.notary.signature'),
        referrer(secureApp, 'v1.2.3', 'sbom', 'application/spdx+json'),
      ],
    }),
  );
  orders(now, usEast1);
  of(
    'tidewater/storefront',
    'latest',
    imageContents(storefrontConfig(now), { scan: storefrontScan(now), layers: [baseLayer, carelessLayer] }),
  );
  of('tidewater/freight-tracker', 'v1.0.9', imageContents(freightConfig(now), { scan: oneHigh(now) }));
  of(
    'tidewater/recipe-importer',
    'v0.4.1',
    imageContents(importerConfig(now), {
      scan: {
        imageScanStatus: { status: 'SCAN_ELIGIBILITY_EXPIRED', description: 'The scan eligibility has expired.' },
      },
    }),
  );
  of('partners/price-feed', 'v3.3.0', imageContents(withPort(goodConfig(daysBefore(now, 9)), '22/tcp')));
  of(
    'tidewater/pos-gateway',
    'v4.4.2',
    imageContents(
      {
        created: daysBefore(now, 48).toISOString(),
        architecture: 'amd64',
        os: 'windows',
        'os.version': '10.0.20348.4294',
        config: { Cmd: ['C:\\app\\gateway.exe'] },
      },
      { layers: [] },
    ),
  );
}

function put({ ecr }: RegionState, name: string, digest: string, contents: ImageContents): void {
  const state = ecr.repositories.find(({ repository }) => repository.repositoryName === name);
  if (!state) throw new Error(`There is no repository ${name}`);
  state.contents = new Map([...(state.contents ?? []), [digest, contents]]);
}

/** One image for each of two architectures, with the attestations that BuildKit pushes beside them. */
function orders(now: Date, usEast1: RegionState): void {
  const [name, tag] = ['tidewater/orders-api', 'v8.0.0'];
  const child = (platform: string) => childDigest(name, tag, platform);
  for (const architecture of ['amd64', 'arm64']) {
    const config = { ...goodConfig(daysBefore(now, 3)), architecture };
    put(usEast1, name, child(`linux/${architecture}`), imageContents(config, { mediaType: ociManifest }));
  }
  const attestation = (architecture: string) => ({
    digest: child(`attestation of linux/${architecture}`),
    architecture: 'unknown',
    attestationOf: child(`linux/${architecture}`),
  });
  put(
    usEast1,
    name,
    releaseDigest(name, tag),
    indexContents([
      { digest: child('linux/amd64'), architecture: 'amd64' },
      { digest: child('linux/arm64'), architecture: 'arm64' },
      attestation('amd64'),
      attestation('arm64'),
    ]),
  );
}

function referrer(repository: string, tag: string, kind: string, artifactType: string): ImageReferrer {
  return {
    digest: digestOf(`${kind} of ${releaseDigest(repository, tag)}`),
    mediaType: ociManifest,
    artifactType,
    size: 4_210,
    artifactStatus: 'ACTIVE',
  };
}

/** Runs as root, by a shell, on a distribution of yesteryear. */
function storefrontConfig(now: Date): ImageConfig {
  const good = goodConfig(daysBefore(now, 2));
  const { User, Entrypoint, ...config } = good.config ?? {};
  return { ...good, config: { ...config, Cmd: ['/bin/sh', '-c', 'node server.js'] } };
}

/** A token in the environment, where everyone who may pull reads it. */
function freightConfig(now: Date): ImageConfig {
  const good = goodConfig(daysBefore(now, 15));
  return { ...good, config: { ...good.config, Env: ['NODE_ENV=production', `GITHUB_TOKEN=${fakeToken}`] } };
}

/** Built long ago, with a token on the command line of a step and the compilers left in. */
function importerConfig(now: Date): ImageConfig {
  const good = goodConfig(daysBefore(now, 200));
  return {
    ...good,
    history: [
      { created_by: 'RUN /bin/sh -c apk add --no-cache build-base python3-dev # buildkit' },
      { created_by: `RUN |1 NPM_TOKEN=${fakeToken} /bin/sh -c npm ci --omit=dev # buildkit` },
      ...(good.history ?? []),
    ],
  };
}

function withPort(config: ImageConfig, port: string): ImageConfig {
  return { ...config, config: { ...config.config, ExposedPorts: { [port]: {} } } };
}

/** A vulnerability with a fix, first seen two days ago unless told. */
export function vulnerability(
  now: Date,
  id: string,
  severity: string,
  more: Partial<EnhancedImageScanFinding> = {},
): EnhancedImageScanFinding {
  return {
    title: `${id} in a package`,
    severity,
    status: 'ACTIVE',
    type: 'PACKAGE_VULNERABILITY',
    fixAvailable: 'YES',
    exploitAvailable: 'NO',
    firstObservedAt: daysBefore(now, 2),
    packageVulnerabilityDetails: { vulnerabilityId: id, vulnerablePackages: [{ name: 'openssl', version: '1.1.1q' }] },
    resources: [
      { type: 'AWS_ECR_CONTAINER_IMAGE', details: { awsEcrContainerImage: { platform: 'ALPINE_LINUX_3_16' } } },
    ],
    ...more,
  };
}

function storefrontScan(now: Date): ScanResult {
  return scanned([
    vulnerability(now, 'CVE-2026-21001', 'CRITICAL', { exploitAvailable: 'YES' }),
    vulnerability(now, 'CVE-2026-20417', 'CRITICAL'),
    vulnerability(now, 'CVE-2025-66001', 'HIGH'),
    vulnerability(now, 'CVE-2026-10000', 'UNTRIAGED', { fixAvailable: 'NO' }),
  ]);
}

function oneHigh(now: Date): ScanResult {
  return scanned([
    vulnerability(now, 'CVE-2025-48734', 'HIGH', {
      resources: [
        { type: 'AWS_ECR_CONTAINER_IMAGE', details: { awsEcrContainerImage: { platform: 'ALPINE_LINUX_3_22' } } },
      ],
    }),
  ]);
}

/** The results of an image that Inspector watches. */
export function scanned(enhancedFindings: EnhancedImageScanFinding[]): ScanResult {
  const findingSeverityCounts: Record<string, number> = {};
  for (const { severity = '' } of enhancedFindings) {
    findingSeverityCounts[severity] = (findingSeverityCounts[severity] ?? 0) + 1;
  }
  return {
    imageScanStatus: { status: 'ACTIVE', description: 'Continuous scan is selected for image.' },
    imageScanFindings: { enhancedFindings, findingSeverityCounts },
  };
}
