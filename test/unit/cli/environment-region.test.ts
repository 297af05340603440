import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { environmentRegion } from '#functions/cli/environment-region.ts';

let config: string;

beforeEach(async () => {
  config = join(await mkdtemp(join(tmpdir(), 'hullcheck-aws-')), 'config');
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', config);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', `${config}-there-is-none`);
});
afterEach(() => vi.unstubAllEnvs());

test('is that of the environment, else that of the profile', async () => {
  await writeFile(
    config,
    '# mine\n[default]\nregion = eu-west-1\ns3 =\n  use_dualstack_endpoint = true\n[profile audit]\nregion=eu-north-1\n',
  );

  expect(await environmentRegion()).toBe('eu-west-1');
  expect(await environmentRegion('audit')).toBe('eu-north-1');
  vi.stubEnv('AWS_REGION', 'us-east-2');
  expect(await environmentRegion()).toBe('us-east-2');
});

test.for([
  ['there is no file', undefined],
  ['the file is empty', ''],
  ['the file names none', '[default]\noutput = json ; not text\n\n[sso-session a]\nsso_region = eu-west-1'],
])('is undefined where %s', async ([, text]) => {
  if (text !== undefined) await writeFile(config, text);

  expect(await environmentRegion()).toBeUndefined();
});

test.for([
  ['a section that is not closed', '[default\nregion = eu-west-1', 1],
  ['a value without its sign', '[default]\nregion eu-west-1', 2],
  ['something else', 'region: eu-west-1', 1],
  ['no text', '[default]\n\n\u0000\u0001', 3],
] as const)('names the file and the line of %s, and not what stands there', async ([, text, line]) => {
  await writeFile(config, text);

  const error = await environmentRegion().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: 'UsageError',
    message: `No region is found: ${config} is wrong in line ${line}, which is neither a [section] nor "name = value".`,
  });
});

test('says that a file cannot be read, which the SDK takes for an empty one', async () => {
  await mkdir(config);

  await expect(environmentRegion()).rejects.toThrow(`No region is found: ${config} cannot be read: it is a directory.`);
});

test('does not take what is no region for none', async () => {
  await writeFile(config, '[default]\nregion = eu west 1');
  await expect(environmentRegion()).rejects.toThrow(config);

  vi.stubEnv('AWS_REGION', 'eu west 1');
  await expect(environmentRegion()).rejects.toThrow(
    'The region in AWS_REGION cannot be used; regions look like eu-west-1.',
  );
});

test('does not mind a wrong line where a region is found', async () => {
  await writeFile(config, 'what is this\n[default]\nregion = eu-west-1');

  expect(await environmentRegion()).toBe('eu-west-1');
});
