import { describe, expect, test } from 'vitest';
import { readConfiguration } from '#shared/collectors/images/read-configuration.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';

const classify = createClassifier({ hashKey: new Uint8Array(32) });
const TOKEN = ['ghp', 'R7xQ2mV9cT4nB8kL1pW6zY3dF5hJ0sA7uE2g'].join('_');

const PASSWORD = ['Sup3rS3cret', 'x9Q'].join('!');

const read = (configuration: unknown) =>
  readConfiguration(Buffer.from(typeof configuration === 'string' ? configuration : JSON.stringify(configuration)), {
    classify,
  });

test('keeps what is judged, and of free text only what the detectors say', async () => {
  const configuration = await read({
    os: 'linux',
    architecture: 'amd64',
    created: '2026-11-01T10:00:00.123456789Z',
    config: {
      User: 'app',
      ExposedPorts: { '8080/tcp': {}, '22/tcp': {} },
      Env: ['PATH=/usr/bin', `GITHUB_TOKEN=${TOKEN}`, 'EMPTY'],
      Entrypoint: ['/sbin/tini', '--'],
      Cmd: ['/bin/sh', '-c', 'node server.js'],
      Labels: { owner: 'web' },
    },
    history: [{ created_by: 'RUN /bin/sh -c apk add --no-cache build-base # buildkit' }],
  });

  expect(configuration).toMatchObject({
    createdAt: '2026-11-01T10:00:00.123Z',
    user: 'app',
    exposedPorts: ['22/tcp', '8080/tcp'],
    entrypoint: 'exec',
    command: 'shell',
    environment: [{ name: 'PATH' }, { name: 'GITHUB_TOKEN', text: { detections: [{ confidence: 'value' }] } }, {}],
    history: [{ installs: ['build-base'] }],
  });
  expect(JSON.stringify(configuration)).not.toContain(TOKEN);
});

test('an empty configuration sets nothing', async () => {
  expect(await read({})).toEqual({
    exposedPorts: [],
    entrypoint: 'none',
    command: 'none',
    environment: [],
    labels: [],
    history: null,
  });
});

test('null is how Go says nothing', async () => {
  const nothing = { User: '', ExposedPorts: null, Env: null, Entrypoint: null, Cmd: null, Labels: null };

  expect(await read({ config: nothing, history: null })).toEqual(await read({}));
});

test('a configuration without a history is none without steps', async () => {
  expect((await read({ config: {} }))?.history).toBeNull();
  expect((await read({ config: {}, history: [] }))?.history).toEqual([]);
});

test.for(['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1980-01-01T00:00:01Z', 'yesterday', ''])(
  'the time of a reproducible build is none: %s',
  async (created) => {
    expect(await read({ created })).not.toHaveProperty('createdAt');
  },
);

test.for([
  [`ENV GITHUB_TOKEN=${TOKEN}`, 0],
  [`/bin/sh -c #(nop)  ENV GITHUB_TOKEN=${TOKEN}`, 0],
  [`ENV GITHUB_TOKEN=${TOKEN} # buildkit`, 0],
  [`RUN |1 GITHUB_TOKEN=${TOKEN} /bin/sh -c npm ci # buildkit`, 1],
] as const)('what still stands in the environment is not told twice: %s', async ([created_by, found]) => {
  const configuration = await read({ config: { Env: [`GITHUB_TOKEN=${TOKEN}`] }, history: [{ created_by }] });

  expect(configuration?.history?.[0]?.text.detections).toHaveLength(found);
});

describe('no size hides a secret', () => {
  const found = (configuration: Awaited<ReturnType<typeof read>>) =>
    [
      ...(configuration?.environment ?? []),
      ...(configuration?.labels ?? []),
      ...(configuration?.history ?? []),
    ].flatMap(({ text }) => text.detections.map(({ detector }) => detector));
  const filler = (count: number) => Array.from({ length: count }, (_, index) => `NAME_${index}=value`);
  const long = `text ${'word '.repeat(20_000)}`;

  test.for<[string, unknown]>([
    ['501 variables', { config: { Env: [...filler(500), `T=${TOKEN}`] } }],
    ['501 labels', { config: { Labels: { ...Object.fromEntries(filler(500).map((one) => [one, 'x'])), t: TOKEN } } }],
    ['501 steps', { history: [...filler(500).map((created_by) => ({ created_by })), { created_by: `RUN ${TOKEN}` }] }],
    ['a variable of 100,000 characters', { config: { Env: [`LONG=${long} ${TOKEN}`] } }],
    ['the label of a buildpack', { config: { Labels: { 'io.buildpacks.build.metadata': `${long} ${TOKEN}` } } }],
    ['a step of 100,000 characters', { history: [{ created_by: `RUN ${long} ${TOKEN}` }] }],
  ])('%s are looked through to the end', async ([, configuration]) => {
    const looked = await read(configuration);

    expect(found(looked)).toEqual(['github-token']);
    expect(looked).not.toHaveProperty('cutOff');
  });

  test.for<[string, unknown]>([
    ['variables', { config: { Env: [...filler(3_000), `T=${TOKEN}`] } }],
    ['labels', { config: { Env: filler(2_999), Labels: { a: 'x', t: TOKEN } } }],
    ['steps', { config: { Env: filler(3_000) }, history: [{ created_by: `RUN ${TOKEN}` }] }],
    ['characters in a text', { config: { Env: [`A=${'word '.repeat(60_000)}${TOKEN}`] } }],
    ['characters', { history: Array(30).fill({ created_by: 'word '.repeat(20_000) }) }],
  ])('more %s than anybody looks through are said to be cut off', async ([, configuration]) => {
    const looked = await read(configuration);

    expect(looked).toHaveProperty('cutOff', true);
    expect(found(looked)).toEqual([]);
  });
});

test.for<[string, unknown]>([
  ['variables of _-', { config: { Env: Array(20).fill(`X=${'_-'.repeat(16_384)}`) } }],
  ['variables of -p', { config: { Env: Array(20).fill(`X=${'-p'.repeat(16_384)}`) } }],
  ['one variable of -p', { config: { Env: [`X=${'-p'.repeat(131_000)}`] } }],
  ['steps of -apk', { history: Array(20).fill({ created_by: `apk${' -apk'.repeat(6_500)}` }) }],
  ['a step of blanks', { history: [{ created_by: `RUN${' '.repeat(200_000)}x` }] }],
])('a hostile configuration with %s holds nobody up: timers run meanwhile', async ([, configuration]) => {
  const started = performance.now();
  let longest = 0;
  let before = started;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - before);
    before = performance.now();
  }, 1);
  await read(configuration);
  const took = performance.now() - started;
  clearInterval(timer);

  expect(took).toBeLessThan(5_000);
  expect(Math.max(longest, performance.now() - before)).toBeLessThan(1_000);
});

describe('a name that is none, or that may be a secret, is told by its place', () => {
  test.for<[string, unknown, string, string]>([
    ['a variable without a value', { Env: ['A=b', TOKEN] }, 'environment', 'github-token'],
    ['a variable without a name', { Env: ['A=b', `=${TOKEN}`] }, 'environment', 'github-token'],
    ['a variable named by a token', { Env: ['A=b', `${TOKEN}=x`] }, 'environment', 'github-token'],
    [
      'a label named by an address',
      { Labels: { a: 'b', [`https://u:${PASSWORD}@h/`]: 'x' } },
      'labels',
      'url-credentials',
    ],
    ['a label named by a token', { Labels: { a: 'b', [TOKEN]: 'x' } }, 'labels', 'github-token'],
    ['a label of several words', { Labels: { a: 'b', 'the password': PASSWORD } }, 'labels', 'generic-secret'],
  ])('%s', async ([, config, list, detector]) => {
    const configuration = (await read({ config })) as unknown as Record<string, unknown>;

    expect(configuration[list]).toMatchObject([{}, { name: '1', text: { detections: [{ detector }] } }]);
    expect(JSON.stringify(configuration)).not.toMatch(/ghp_|Sup3r/);
  });
});

test.for<[string, unknown, Record<string, unknown>]>([
  ['a user', { config: { User: TOKEN } }, { user: '(withheld: looks like a secret)' }],
  ['a group', { config: { User: `root:${TOKEN}` } }, { user: 'root:(withheld: looks like a secret)' }],
  [
    'a port',
    { config: { ExposedPorts: { '22/tcp': {}, [TOKEN]: {} } } },
    { exposedPorts: ['(withheld: looks like a secret)', '22/tcp'] },
  ],
  ['an operating system', { os: TOKEN, architecture: TOKEN, 'os.version': TOKEN }, {}],
  ['a name nobody knows', { [TOKEN]: TOKEN, config: { [TOKEN]: TOKEN } }, {}],
])('a secret in the place of %s is withheld', async ([, configuration, kept]) => {
  const looked = await read(configuration);

  expect(JSON.stringify(looked)).not.toContain(TOKEN);
  expect(looked).toMatchObject(kept);
});

describe('names are read as Go reads them', () => {
  test.for(['user', 'USER', 'uSer', 'u\u017fer'])('in any case: %s', async (name) => {
    expect(
      await read({ CONFIG: { [name]: '0', env: [`TOKEN=${TOKEN}`] }, HiStory: [{ Created_By: 'RUN x' }] }),
    ).toEqual(await read({ config: { User: '0', Env: [`TOKEN=${TOKEN}`] }, history: [{ created_by: 'RUN x' }] }));
  });

  test.for<[string, unknown]>([
    ['two users', { config: { User: '1000', user: '0' } }],
    ['two environments', { config: { Env: [], env: [`TOKEN=${TOKEN}`] } }],
    ['two configurations', { config: { User: '1000' }, Config: { User: '0' } }],
    ['a step written twice', { history: [{ created_by: 'RUN x', Created_by: `RUN ${TOKEN}` }] }],
  ])('%s are no configuration: which of them counts is not known', async ([, configuration]) => {
    expect(await read(configuration)).toBeUndefined();
  });
});

test.for(['', 'null', '[]', '{"config": 7}', '{', '\u0000'])('is no configuration: %j', async (text) => {
  expect(await read(text)).toBeUndefined();
});
