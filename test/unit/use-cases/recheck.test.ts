import { describe, expect, test } from 'vitest';
import type { Collector, RecheckedItem } from '#shared/domain/ports.ts';
import { type ChangeEvent, onEvents, onSwarms, type Touched } from '#shared/domain/trigger.ts';
import { type RecheckDependencies, recheck } from '#shared/use-cases/recheck.ts';
import { repositoryImages } from '#test/factories/ecr.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { emptyCollector, type TestRun, testRun } from '#test/support/unit-run.ts';

const repository: Touched = {
  service: 'ecr',
  accountId: ACCOUNT,
  region: REGION,
  resource: { type: 'AwsEcrRepository', name: 'shop/api' },
};
const images: Touched = {
  ...repository,
  service: 'images',
  resource: { type: 'AwsEcrContainerImage', name: 'shop/api' },
};

interface World {
  readonly run: TestRun;
  readonly dependencies: RecheckDependencies;
  /** The services that looked, in order. */
  readonly looks: string[];
  readonly postponed: { readonly event: ChangeEvent; readonly seconds: number }[];
  /** What the look at images does besides. */
  atImages: () => void;
  /** How the repository is found. */
  digest: string;
}

/** Two collectors, of which the second looks at what the first has stated. */
async function world(): Promise<World> {
  const looks: string[] = [];
  const postponed: World['postponed'] = [];
  const looking = (service: string, items: () => readonly RecheckedItem[]): NonNullable<Collector['collectOne']> =>
    async function* () {
      looks.push(service);
      yield* items();
    };
  const fact = () => repositoryImages({ running: [{ digest: made.digest, present: true, tags: [], isIndex: false }] });
  const ecr: Collector = {
    ...emptyCollector('ecr', { producesFacts: ['repository-images'] }),
    triggers: [onEvents('aws.ecr', ['ECR Image Action'], () => [repository])],
    recheckableTypes: ['AwsEcrRepository'],
    collectOne: looking('ecr', () => [
      { corrected: { subject: fact().key, kinds: ['repository-images'], facts: [fact()] } },
    ]),
  };
  const ofImages: Collector = {
    ...emptyCollector('images', { needsFacts: ['repository-images'] }),
    triggers: [onSwarms('aws.inspector2', ['Inspector2 Finding'], () => [images])],
    recheckableTypes: ['AwsEcrContainerImage'],
    collectOne: async function* (context) {
      looks.push('images');
      made.atImages();
      if (made.digest === 'throttled')
        context.reportGap({ operation: 'ecr:X', cause: 'throttled', reason: 'Too much.' });
    },
    touchedByFact: ({ kind }) => (kind === 'repository-images' ? images : undefined),
  };
  // Not in the order of their phases.
  const run = await testRun({ collectors: [ofImages, ecr] });
  const made: World = {
    run,
    looks,
    postponed,
    digest: 'sha256:1',
    atImages: () => {},
    dependencies: { ...run, postpone: async (event, seconds) => void postponed.push({ event, seconds }) },
  };
  return made;
}

const event = (source: string, detailType: string, id: string, more: Partial<ChangeEvent> = {}): ChangeEvent => ({
  id,
  source,
  detailType,
  accountId: ACCOUNT,
  region: REGION,
  time: '2026-11-23T12:00:00Z',
  resources: [],
  detail: {},
  ...more,
});
const pushed = (id = 'push') => event('aws.ecr', 'ECR Image Action', id);
const found = (id = 'finding', more: Partial<ChangeEvent> = {}) =>
  event('aws.inspector2', 'Inspector2 Finding', id, more);

describe('what follows from a fact', () => {
  test('is looked at after what states it, and once, however the events came', async () => {
    const { dependencies, looks } = await world();
    const { failed } = await recheck(
      [found('1', { waited: true }), pushed(), found('2', { waited: true })],
      dependencies,
    );

    expect(looks).toEqual(['ecr', 'images']);
    expect([...failed]).toEqual([]);
  });

  test('is not looked at where the fact says the same as before', async () => {
    const { run, dependencies, looks } = await world();
    await recheck([pushed()], dependencies);
    run.advance(60);
    await recheck([pushed('again')], dependencies);

    expect(looks).toEqual(['ecr', 'images', 'ecr']);
  });

  test('is looked at when the event comes again, where it could not be the first time', async () => {
    const made = await world();
    made.atImages = () => {
      throw new Error('no answer');
    };
    const push = pushed();
    const { failed } = await recheck([push], made.dependencies);
    expect([...failed.keys()]).toEqual([push]);

    made.atImages = () => {};
    made.run.advance(60);
    await recheck([push], made.dependencies);

    expect(made.looks).toEqual(['ecr', 'images', 'ecr', 'images']);
  });

  test('comes again where AWS was too busy to say all of it', async () => {
    const made = await world();
    made.digest = 'throttled';
    const push = pushed();

    expect([...(await recheck([push], made.dependencies)).failed.keys()]).toEqual([push]);
  });
});

describe('events that come in swarms', () => {
  test('wait: the first of them is sent back, and the others are told by its look', async () => {
    const { run, dependencies, looks, postponed } = await world();
    await recheck([found('1'), found('2')], dependencies);
    run.advance(60);
    const { settling } = await recheck([found('3')], dependencies);

    expect(looks).toEqual([]);
    expect(settling).toEqual([]);
    expect(postponed).toMatchObject([{ event: { id: '1', waited: true }, seconds: 120 }]);
  });

  test('get another look where they come too shortly before it', async () => {
    const { run, dependencies, postponed } = await world();
    await recheck([found('1')], dependencies);
    run.advance(91);
    await recheck([found('2')], dependencies);

    expect(postponed).toMatchObject([{ event: { id: '1' } }, { event: { id: '2' } }]);
  });

  test('are delivered again where none of them could be sent back', async () => {
    const { dependencies } = await world();
    const events = [found('1'), found('2')];
    const postpone = () => Promise.reject(new Error('no queue'));

    expect([...(await recheck(events, { ...dependencies, postpone })).failed.keys()]).toEqual(events);
  });

  test('are looked at when they have waited', async () => {
    const { dependencies, looks, postponed } = await world();
    await recheck([found('1', { waited: true })], dependencies);

    expect(looks).toEqual(['images']);
    expect(postponed).toEqual([]);
  });
});
