import type { EcrContainerImage, EcrContainerImages, ImageUserFact } from '#shared/collectors/images/model.ts';
import type { ImageConfiguration } from '#shared/domain/image-content.ts';
import type { ImageScan, VulnerabilityGroup } from '#shared/domain/image-scan.ts';
import { known } from '#shared/domain/observed.ts';
import { digest, REPOSITORY, REPOSITORY_ARN, SERVICE_ARN } from './ecr.ts';
import { harmlessText } from './ecs.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

export const NO_VULNERABILITIES: VulnerabilityGroup = {
  count: 0,
  fixAvailable: 'not said',
  exploitKnown: 'not said',
  ids: [],
};

export function vulnerabilities(overrides: Partial<VulnerabilityGroup> = {}): VulnerabilityGroup {
  return {
    count: 2,
    fixAvailable: 'yes',
    exploitKnown: 'no',
    oldest: '2026-11-01T00:00:00.000Z',
    ids: ['CVE-2026-1', 'CVE-2026-2'],
    ...overrides,
  };
}

/** An enhanced scan that found nothing. */
export function imageScan(overrides: Partial<ImageScan> = {}): ImageScan {
  return {
    status: 'ACTIVE',
    kind: 'enhanced',
    severities: {},
    critical: NO_VULNERABILITIES,
    high: NO_VULNERABILITIES,
    exploitable: NO_VULNERABILITIES,
    platform: 'ALPINE_LINUX_3_22',
    ...overrides,
  };
}

export function imageConfiguration(overrides: Partial<ImageConfiguration> = {}): ImageConfiguration {
  return {
    os: 'linux',
    architecture: 'amd64',
    createdAt: '2026-11-20T00:00:00.000Z',
    user: '1000:1000',
    exposedPorts: ['8080/tcp'],
    entrypoint: 'exec',
    command: 'exec',
    environment: [{ name: 'NODE_ENV', text: harmlessText() }],
    labels: [{ name: 'org.opencontainers.image.source', text: harmlessText() }],
    history: [{ text: harmlessText(), installs: [] }],
    ...overrides,
  };
}

/** An image that follows every practice. */
export function containerImage(overrides: Partial<EcrContainerImage> = {}): EcrContainerImage {
  return {
    digest: digest(1),
    tags: ['v1.2.3'],
    pushedAt: '2026-11-20T00:00:00.000Z',
    running: true,
    uses: { withOwnUser: 1, all: 2 },
    os: 'linux',
    architecture: 'amd64',
    baseName: 'docker.io/library/alpine:3.22',
    configuration: known(imageConfiguration()),
    scan: known(imageScan()),
    attachments: known({
      signatures: ['application/vnd.cncf.notary.signature'],
      billsOfMaterials: ['application/spdx+json'],
    }),
    signing: known([
      { profileArn: 'arn:aws:signer:us-east-1:111122223333:/signing-profiles/ours', status: 'COMPLETE' },
    ]),
    layers: known({
      leftovers: [],
      setuid: [],
      buildTools: [],
      distribution: { id: 'alpine', version: '3.22.1' },
      complete: true,
    }),
    ...overrides,
  };
}

/** The images of a repository, of which one runs behind one service. */
export function containerImages(overrides: Partial<EcrContainerImages> = {}): EcrContainerImages {
  return {
    ...resourceBase('AwsEcrContainerImage', REPOSITORY_ARN, REPOSITORY),
    usedBy: [SERVICE_ARN],
    usedByCount: 1,
    tags: known({}),
    runningDigests: known([{ digest: digest(1), present: true, tags: ['v1.2.3'], status: 'ACTIVE' }]),
    images: known([containerImage()]),
    usesListed: known(true),
    runsUnknownDigest: false,
    signsOnPush: known(true),
    ...overrides,
  };
}

/** The same with these images. */
export function imagesOf(...images: readonly Partial<EcrContainerImage>[]): EcrContainerImages {
  return containerImages({ images: known(images.map((image) => containerImage(image))) });
}

/** The same with one image of this configuration. */
export function imagesWith(configuration: Partial<ImageConfiguration>): EcrContainerImages {
  return imagesOf({ configuration: known(imageConfiguration(configuration)) });
}

/** The same with one image of this scan. */
export function imagesScanned(scan: Partial<ImageScan>): EcrContainerImages {
  return imagesOf({ scan: known(imageScan(scan)) });
}

/** As whom the image under a name starts. */
export function imageUser(overrides: Partial<ImageUserFact> = {}): ImageUserFact {
  return {
    kind: 'image-user',
    key: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${REPOSITORY}:v1.2.3`,
    accountId: ACCOUNT,
    region: REGION,
    observedAt: '2026-11-23T00:00:00.000Z',
    digest: digest(1),
    user: known('1000:1000'),
    ...overrides,
  };
}
