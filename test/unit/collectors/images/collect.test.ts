import {
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  GetDownloadUrlForLayerCommand,
  ListImageReferrersCommand,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RepositoryImagesFact } from '#shared/collectors/ecr/model.ts';
import type { RunningImageFact } from '#shared/collectors/ecs/model.ts';
import { imagesCollector } from '#shared/collectors/images/collect.ts';
import { RunMemory } from '#shared/collectors/run-memory.ts';
import { digest, repositoryImages, running } from '#test/factories/ecr.ts';
import { accessDenied, awsError, recheckOne } from '#test/support/collect.ts';
import { denied } from '#test/support/judge.ts';
import { look } from './look.ts';
import {
  blobs,
  digestOf,
  ecr,
  imageManifest,
  startStorage,
  stopStorage,
  storeConfiguration,
  stubRegistry,
} from './registry-stub.ts';

beforeAll(startStorage);
afterAll(stopStorage);

const CONFIGURATION = { os: 'linux', architecture: 'amd64', config: { User: '1000' } };
let configuration: string;

beforeEach(() => {
  blobs.clear();
  configuration = storeConfiguration(CONFIGURATION);
  stubRegistry({ [digest(1)]: imageManifest(configuration) });
});

const calls = (command: Parameters<typeof ecr.commandCalls>[0]) => ecr.commandCalls(command).length;

test('an image that runs is read with its configuration, its scan and what is attached', async () => {
  const { resource, images, gaps } = await look();

  expect(gaps).toEqual([]);
  expect(resource).toMatchObject({ type: 'AwsEcrContainerImage', inUse: 'yes', usedByCount: 1 });
  expect(images).toMatchObject([
    {
      digest: digest(1),
      tags: ['v1'],
      running: true,
      os: 'linux',
      configuration: { known: true, value: { user: '1000' } },
      scan: { known: true, value: { status: 'ACTIVE' } },
      attachments: { known: true, value: { signatures: [], billsOfMaterials: [] } },
      signing: { known: true, value: null },
    },
  ]);
});

test('T17: what runs goes by digests: several of one tag are several images', async () => {
  stubRegistry({ [digest(1)]: imageManifest(configuration), [digest(2)]: imageManifest(configuration) });
  const { images } = await look(repositoryImages({ running: [running(1), running(2, { tags: [] })] }));

  expect(images.map((image) => image.digest)).toEqual([digest(1), digest(2)]);
});

test('T27: without one that runs the newest is read, and no more', async () => {
  const newest = [1, 2].map((number) => ({ digest: digest(number), tags: [`v${number}`], isIndex: false }));
  const { images } = await look(repositoryImages({ running: [], newest }));

  expect(images).toMatchObject([{ digest: digest(1), running: false }]);
});

test('where it could not be read what runs, the newest is nothing to go by', async () => {
  const newest = [{ digest: digest(1), tags: ['v1'], isIndex: false }];
  const fact = repositoryImages({ running: [], newest }, { usesListed: denied('ecs:ListTasks') });

  expect((await look(fact)).images).toEqual([]);
});

test('T28: an image that runs and was archived or deleted is named, and not read', async () => {
  const gone = [running(1, { status: 'ARCHIVED' }), { digest: digest(2), present: false, tags: [], isIndex: false }];
  const { resource, images } = await look(repositoryImages({ running: gone }));

  expect(images).toEqual([]);
  expect(resource.runningDigests).toMatchObject({ value: [{ status: 'ARCHIVED' }, { present: false }] });
  expect(ecr.calls()).toEqual([]);
});

describe('what never changes', () => {
  test('is fetched once ever: a second look at the same images fetches no manifest and no configuration', async () => {
    const memory = new RunMemory();
    const first = await look(repositoryImages(), [], memory);
    ecr.resetHistory();
    const second = await look(repositoryImages(), [], memory);

    expect(calls(BatchGetImageCommand)).toBe(0);
    expect(calls(GetDownloadUrlForLayerCommand)).toBe(0);
    expect(calls(DescribeImageScanFindingsCommand)).toBe(1);
    expect(second.resources).toEqual(first.resources);
  });

  test('is fetched once for all images that have it', async () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    stubRegistry(Object.fromEntries(numbers.map((number) => [digest(number), imageManifest(configuration)])));
    await look(repositoryImages({ running: numbers.map((number) => running(number)) }));

    expect(calls(BatchGetImageCommand)).toBe(1);
    expect(calls(GetDownloadUrlForLayerCommand)).toBe(1);
  });

  test('is asked for a hundred at a time', async () => {
    const numbers = Array.from({ length: 201 }, (_, number) => number + 1);
    stubRegistry(Object.fromEntries(numbers.map((number) => [digest(number), imageManifest(configuration)])));
    const { images } = await look(repositoryImages({ running: numbers.map((number) => running(number)) }));

    expect(images).toHaveLength(201);
    expect(calls(BatchGetImageCommand)).toBe(3);
  });
});

describe('what cannot be read', () => {
  test('denied manifests are a gap, and what the scan says is known all the same', async () => {
    ecr.on(BatchGetImageCommand).rejects(accessDenied('ecr:BatchGetImage'));
    const { images, gaps } = await look();

    expect(images).toMatchObject([{ configuration: { known: false }, scan: { known: true } }]);
    expect(gaps).toMatchObject([{ operation: 'ecr:BatchGetImage', missingPermission: 'ecr:BatchGetImage' }]);
  });

  test.for([
    ['ecr:DescribeImageScanFindings', DescribeImageScanFindingsCommand, 'scan'],
    ['ecr:ListImageReferrers', ListImageReferrersCommand, 'attachments'],
    ['ecr:GetDownloadUrlForLayer', GetDownloadUrlForLayerCommand, 'configuration'],
  ] as const)('%s denied leaves the rest', async ([operation, command, field]) => {
    ecr.on(command as typeof ListImageReferrersCommand).rejects(accessDenied(operation));
    const { images, gaps } = await look();

    const unknown = Object.entries(images[0] ?? {}).flatMap(([name, value]) =>
      (value as { known?: boolean } | null)?.known === false ? name : [],
    );
    expect(unknown).toEqual([field]);
    expect(gaps).toMatchObject([{ operation, missingPermission: operation }]);
  });

  test.for<[string, (bytes: Buffer) => Buffer | undefined]>([
    ['is truncated', (bytes) => bytes.subarray(0, 20)],
    ['is somebody else’s', () => Buffer.from('{}')],
    ['is larger than any', () => Buffer.alloc(9_000_000)],
  ])('a configuration that %s is a gap, and no crash', async ([, change]) => {
    const bytes = blobs.get(configuration) ?? Buffer.alloc(0);
    blobs.set(configuration, change(bytes) ?? bytes);
    const { images, gaps } = await look();

    expect(images[0]?.configuration).toMatchObject({ known: false });
    expect(gaps).toMatchObject([{ operation: 'ecr:GetDownloadUrlForLayer' }]);
    expect(JSON.stringify(gaps)).not.toContain('127.0.0.1');
  });

  test('a configuration that is none is a gap', async () => {
    const bytes = Buffer.from('[]');
    blobs.set(digestOf(bytes), bytes);
    stubRegistry({ [digest(1)]: imageManifest(digestOf(bytes)) });

    expect((await look()).gaps).toMatchObject([{ cause: 'invalid-answer' }]);
  });

  test('T88: an image that vanished meanwhile is dropped without a gap', async () => {
    stubRegistry({});
    const { images, gaps } = await look();

    expect([images, gaps]).toEqual([[], []]);
  });

  test('T25: no scan is an answer', async () => {
    ecr.on(DescribeImageScanFindingsCommand).rejects(awsError('ScanNotFoundException'));
    const { images, gaps } = await look();

    expect(images).toMatchObject([{ scan: { known: true, value: null } }]);
    expect(gaps).toEqual([]);
  });

  test('T22: the status that DescribeImages gives is not what is looked at', async () => {
    const imageScanFindings = { findings: [] };
    ecr.on(DescribeImageScanFindingsCommand).resolves({ imageScanStatus: { status: 'COMPLETE' }, imageScanFindings });

    expect((await look()).images).toMatchObject([{ scan: { value: { status: 'COMPLETE' } } }]);
    expect(calls(DescribeImageScanFindingsCommand)).toBe(1);
  });

  test('T37: no scan is started', async () => {
    await look();

    expect(calls(StartImageScanCommand)).toBe(0);
    expect(imagesCollector.permissions).not.toContain('ecr:StartImageScan');
  });
});

test('results and referrers of two pages are read whole', async () => {
  ecr
    .on(DescribeImageScanFindingsCommand)
    .resolvesOnce({
      imageScanStatus: { status: 'ACTIVE' },
      imageScanFindings: { enhancedFindings: [{ severity: 'HIGH' }] },
      nextToken: 'more',
    })
    .resolves({ imageScanFindings: { enhancedFindings: [{ severity: 'HIGH' }] } });
  const referrer = (artifactType: string) => ({ digest: digest(9), mediaType: 'm', artifactType, size: 1 });
  ecr
    .on(ListImageReferrersCommand)
    .resolvesOnce({ referrers: [referrer('application/vnd.cncf.notary.signature')], nextToken: 'more' })
    .resolves({ referrers: [referrer('application/spdx+json')] });
  const { images } = await look();

  expect(images).toMatchObject([
    {
      scan: { value: { high: { count: 2 } } },
      attachments: {
        value: {
          signatures: ['application/vnd.cncf.notary.signature'],
          billsOfMaterials: ['application/spdx+json'],
        },
      },
    },
  ]);
});

test.for<[string, Record<string, string>]>([
  ['a bill of materials by cosign', { artifactType: 'application/vnd.dev.cosign.artifact.sbom.v1+json' }],
  [
    'a signed statement of another kind',
    {
      artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      predicateType: 'https://slsa.dev/provenance/v1',
    },
  ],
])('%s is no signature of the image', async ([, { artifactType, predicateType }]) => {
  const annotations =
    predicateType === undefined ? {} : { annotations: { 'dev.sigstore.bundle.predicateType': predicateType } };
  const referrer = { digest: digest(9), mediaType: 'm', artifactType, size: 1, ...annotations };
  ecr.on(ListImageReferrersCommand).resolves({ referrers: [referrer] });

  expect((await look()).images).toMatchObject([{ attachments: { value: { signatures: [] } } }]);
});

test('SH-13: the images of a repository carry its tags', async () => {
  expect((await look()).resource.tags).toEqual({ known: true, value: { team: 'shop' } });
});

test('T88: an image that is gone when its scan is asked for is dropped, and no image that was never scanned', async () => {
  ecr.on(DescribeImageScanFindingsCommand).rejects(awsError('ImageNotFoundException'));
  const { images, gaps } = await look();

  expect([images, gaps]).toEqual([[], []]);
});

describe('the images of one repository, looked at again', () => {
  const REPOSITORY_NAME = repositoryImages().repositoryName;
  const again = (facts: readonly (RepositoryImagesFact | RunningImageFact)[], contents = new RunMemory()) =>
    recheckOne(imagesCollector, { type: 'AwsEcrContainerImage', name: REPOSITORY_NAME }, { facts, contents });

  test('cost two calls an image, and nothing for contents that were read before', async () => {
    const memory = new RunMemory();
    const numbers = [1, 2, 3];
    stubRegistry(Object.fromEntries(numbers.map((number) => [digest(number), imageManifest(configuration)])));
    const fact = repositoryImages({ running: numbers.map((number) => running(number)) });
    const { resource } = await look(fact, [], memory);
    ecr.resetHistory();

    expect(await again([fact], memory)).toEqual([{ resource }]);
    expect(ecr.calls()).toHaveLength(6);
  });

  test('are used by whom the facts name, and unused only where these say so', async () => {
    const use = { inUse: 'unknown' } as const;

    expect(await again([repositoryImages({ running: [] }, { use })])).toMatchObject([
      { resource: { inUse: 'unknown' } },
    ]);
  });

  test('are not guessed at where nobody has stated them', async () => {
    expect(await again([])).toEqual([]);
    expect(ecr.calls()).toEqual([]);
  });

  test('T88: that have all vanished meanwhile are not called an empty repository', async () => {
    ecr.on(DescribeImageScanFindingsCommand).rejects(awsError('RepositoryNotFoundException'));

    expect(await again([repositoryImages()])).toEqual([]);
  });

  test('that are none are said to be none', async () => {
    expect(await again([repositoryImages({ running: [] })])).toMatchObject([{ resource: { images: { value: [] } } }]);
  });
});

test('a signature that was archived signs nothing', async () => {
  const archived = {
    digest: digest(9),
    mediaType: 'm',
    artifactType: 'application/vnd.cncf.notary.signature',
    size: 1,
  };
  ecr.on(ListImageReferrersCommand).resolves({ referrers: [{ ...archived, artifactStatus: 'ARCHIVED' }] });

  expect((await look()).images).toMatchObject([{ attachments: { value: { signatures: [] } } }]);
});
