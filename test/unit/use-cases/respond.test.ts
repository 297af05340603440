import { describe, expect, test } from 'vitest';
import { checks } from '#shared/checks/index.generated.ts';
import { known } from '#shared/domain/observed.ts';
import type { Collector } from '#shared/domain/ports.ts';
import type { ResponseRecord } from '#shared/domain/response.ts';
import type { Waiver } from '#shared/domain/waiver.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { defineFix, type Fix, type FixPlace } from '#shared/fixes/fix.ts';
import { type RespondDependencies, respond } from '#shared/use-cases/respond.ts';
import { repository } from '#test/factories/ecr.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { acceptedRisk } from '#test/factories/waiver.ts';

const CHECK = 'ecr-repository-tags-immutable';
const arnOf = (name: string) => `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${name}`;
const idOf = (name: string) => `hullcheck/aws/${ACCOUNT}/${REGION}/${CHECK}/${arnOf(name)}`;

/** A registry of two repositories with mutable tags, and what was done to it. */
function world() {
  const mutability = new Map([
    ['app', 'MUTABLE'],
    ['web', 'MUTABLE'],
  ]);
  const log: string[] = [];
  const collector: Collector = {
    service: 'ecr',
    resourceTypes: ['AwsEcrRepository'],
    permissions: [],
    producesFacts: [],
    needsFacts: [],
    async *collect() {},
    recheckableTypes: ['AwsEcrRepository'],
    async *collectOne(_context, { resource: { name } }) {
      const uid = arnOf(name);
      const tagMutability = mutability.get(name);
      if (tagMutability === undefined) yield { gone: { type: 'AwsEcrRepository', uid } };
      else yield { resource: repository({ uid, arn: uid, name, tagMutability, tags: known({}) }) };
    },
  };
  const fix = defineFix<'AwsEcrRepository', { tags: string }>({
    id: 'ecr-test',
    checks: [CHECK],
    resourceType: 'AwsEcrRepository',
    does: 'makes tags immutable',
    permissions: ['ecr:PutImageTagMutability'],
    needsFacts: false,
    nameOf: (uid) => uid.split(':repository/')[1],
    read: async (_place, { name }) => ({ tags: mutability.get(name) ?? '' }),
    decide: () => ({ kind: 'change', says: 'Makes them immutable.', wanted: { tags: 'IMMUTABLE' } }),
    async write(_place, _change, { name }) {
      log.push(`writes ${name}`);
      // Another one may begin here, if it is let.
      await new Promise((resolve) => setImmediate(resolve));
      mutability.set(name, 'IMMUTABLE');
      log.push(`wrote ${name}`);
    },
  });
  const kept: ResponseRecord[] = [];
  const dependencies: RespondDependencies = {
    registry: createRegistry(checks),
    collectors: [collector],
    fixes: [fix as Fix],
    parameters: {},
    toolVersion: '1.0.0',
    targets: [{ accountId: ACCOUNT, region: REGION, partition: 'aws' }],
    clientFor: nobody,
    responderFor: nobody,
    classify: () => Promise.reject(new Error('there is nothing to classify')),
    now: () => new Date('2026-11-23T12:00:00Z'),
    facts: async () => ({ facts: [], completions: [] }),
    pause: async () => {},
    keep: async (record) => {
      kept.push(record);
    },
    requestedBy: 'a test',
    apply: true,
    allowUnknownUse: false,
  };
  return { dependencies, fix, kept, log, mutability };
}

function nobody(): never {
  throw new Error('no client is made');
}

describe('respond', () => {
  test('writes down what it is about to do before it does it, and then what it did', async () => {
    const { dependencies, kept } = world();

    const records = await respond([idOf('app')], dependencies);

    expect(kept).toMatchObject([
      { outcome: 'applying', before: { tags: 'MUTABLE' }, wanted: { tags: 'IMMUTABLE' } },
      { outcome: 'fixed', after: { tags: 'IMMUTABLE' }, verdictAfter: { status: 'PASSED' } },
    ]);
    expect(records).toEqual(kept.slice(1));
  });

  test('changes nothing when the evidence cannot be kept', async () => {
    const { dependencies, log } = world();
    const keep = () => Promise.reject(new Error('the bucket is away'));

    await expect(respond([idOf('app')], { ...dependencies, keep })).rejects.toThrow(AggregateError);

    expect(log).toEqual([]);
  });

  test('changes things of one account and region one after the other: they may share settings', async () => {
    const { dependencies, log } = world();

    await respond([idOf('app'), idOf('web')], dependencies);

    expect(log).toEqual(['writes app', 'wrote app', 'writes web', 'wrote web']);
  });

  test('deals with a finding once, however often it is named', async () => {
    const { dependencies, log } = world();

    const records = await respond([idOf('app'), idOf('app')], dependencies);

    expect(records).toHaveLength(1);
    expect(log).toEqual(['writes app', 'wrote app']);
  });

  test('deals with all others when something nobody foresaw happens to one', async () => {
    const { dependencies, fix, mutability } = world();
    const broken = { ...fix, read: async () => Promise.reject(new TypeError('a defect')) } as unknown as Fix;
    const other = `hullcheck/aws/${ACCOUNT}/eu-west-1/${CHECK}/arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/app`;

    await expect(respond([idOf('app')], { ...dependencies, fixes: [broken] })).rejects.toThrow(AggregateError);
    const records = await respond([other, idOf('web')], dependencies);

    expect(records.map(({ outcome }) => outcome)).toEqual(['refused', 'fixed']);
    expect(mutability.get('app')).toBe('MUTABLE');
  });

  test('says that the check still fails when the settings are what the fix wants', async () => {
    const { dependencies, fix, log } = world();
    const useless = { ...fix, read: async () => ({ tags: 'IMMUTABLE' }) } as unknown as Fix;

    const [record] = await respond([idOf('app')], { ...dependencies, fixes: [useless] });

    expect(record).toMatchObject({ outcome: 'still-failing', says: expect.stringContaining('already') });
    expect(log).toEqual([]);
  });

  test('says that the check still fails when the change did not help', async () => {
    const { dependencies, fix } = world();
    const useless = { ...fix, write: async (_place: FixPlace) => {} } as unknown as Fix;

    const [record] = await respond([idOf('app')], { ...dependencies, fixes: [useless] });

    expect(record).toMatchObject({ outcome: 'still-failing', verdictAfter: { status: 'FAILED' } });
  });

  describe('asks the waivers', () => {
    const of = (...waivers: readonly Waiver[]) => ({ waivers, ignored: [] });
    const inForce = { checks: [CHECK], expiresAt: '2027-01-01T00:00:00.000Z' };

    test('and leaves alone what one of them protects', async () => {
      const { dependencies, log } = world();
      const waivers = of(acceptedRisk({ ...inForce, scope: { resource: [arnOf('app')] } }));

      const records = await respond([idOf('app'), idOf('web')], { ...dependencies, waivers });

      expect(records.map(({ outcome }) => outcome)).toEqual(['refused', 'fixed']);
      expect(log).toEqual(['writes web', 'wrote web']);
    });

    test('and changes nothing where one asks for tags that could not be read', async () => {
      const { dependencies, log } = world();
      const waivers = of(acceptedRisk({ ...inForce, scope: { tags: { team: 'shop' } } }));
      const [ecr] = dependencies.collectors as [Collector];
      const collectors: Collector[] = [
        {
          ...ecr,
          async *collectOne() {
            const uid = arnOf('app');
            const tags = { known: false, reason: { kind: 'undecidable', message: 'Tags were not read.' } } as const;
            yield { resource: repository({ uid, arn: uid, name: 'app', tagMutability: 'MUTABLE', tags }) };
          },
        },
      ];

      const [record] = await respond([idOf('app')], { ...dependencies, collectors, waivers });

      expect(record).toMatchObject({ outcome: 'could-not-look', says: expect.stringContaining('Tags were not read.') });
      expect(log).toEqual([]);
    });
  });
});
