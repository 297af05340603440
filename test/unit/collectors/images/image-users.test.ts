import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { digest, repositoryImages, running, runningImageFact } from '#test/factories/ecr.ts';
import { look } from './look.ts';
import { blobs, imageManifest, startStorage, stopStorage, storeConfiguration, stubRegistry } from './registry-stub.ts';

beforeAll(startStorage);
afterAll(stopStorage);

let configuration: string;

beforeEach(() => {
  blobs.clear();
  configuration = storeConfiguration({ os: 'linux', architecture: 'amd64', config: { User: '1000' } });
  stubRegistry({ [digest(1)]: imageManifest(configuration) });
});

test('T01: what a schedule starts is looked into by what its tag names now, and counts as a use', async () => {
  const { digest: _, ...byTag } = runningImageFact({ startedLater: true, startsAs: 'other' });
  const { images, facts } = await look(repositoryImages({ running: [running(1, { tags: ['v1.2.3'] })] }), [byTag]);

  expect(images).toMatchObject([{ uses: { withOwnUser: 1, all: 1 } }]);
  expect(facts).toMatchObject([{ kind: 'image-user', key: byTag.image, digest: digest(1) }]);
});

test('T01: where one of two running images is gone, its user is unknown under its name', async () => {
  const uses = [runningImageFact({ digest: digest(1) }), runningImageFact({ digest: digest(2) })];
  const gone = { digest: digest(2), present: false, tags: [], isIndex: false };
  const { facts } = await look(repositoryImages({ running: [running(1), gone] }), uses);

  expect(facts.filter(({ kind }) => kind === 'image-user')).toMatchObject([
    { digest: digest(1), user: { known: true } },
    { digest: digest(2), user: { known: false } },
  ]);
});

test('T01: the user of an image is stated under the names by which it runs', async () => {
  const use = runningImageFact({ digest: digest(1) });
  const { facts, factsComplete } = await look(repositoryImages(), [use]);

  expect(facts).toMatchObject([{ kind: 'image-user', key: use.image, user: { known: true, value: '1000' } }]);
  expect(factsComplete).toEqual(['image-user']);
});
