import { expect, test } from 'vitest';
import { readConfiguration } from '#shared/collectors/images/read-configuration.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';

const classify = createClassifier({ hashKey: new Uint8Array(32) });
const TOKEN = ['ghp', 'R7xQ2mV9cT4nB8kL1pW6zY3dF5hJ0sA7uE2g'].join('_');

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

test.for(['', 'null', '[]', '{"config": 7}', '{', '\u0000'])('is no configuration: %j', async (text) => {
  expect(await read(text)).toBeUndefined();
});
