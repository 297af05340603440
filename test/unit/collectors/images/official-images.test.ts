import { describe, expect, test } from 'vitest';
import { dockerfileNoSecrets } from '#shared/checks/dockerfile/dockerfile-no-secrets.ts';
import { imageNoSecretsInConfig } from '#shared/checks/image/image-no-secrets-in-config.ts';
import { imageNoSecretsInHistory } from '#shared/checks/image/image-no-secrets-in-history.ts';
import { readConfiguration } from '#shared/collectors/images/read-configuration.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { imagesWith } from '#test/factories/images.ts';
import { OFFICIAL_IMAGES } from '#test/factories/official-images.ts';
import { judge } from '#test/support/judge.ts';
import { judgeText } from '#test/support/judge-dockerfile.ts';

const classify = createClassifier({ hashKey: new Uint8Array(32) });

describe('T14: an official image, on which others are built, holds no secret', () => {
  test.for(Object.entries(OFFICIAL_IMAGES))('%s', async ([, { Env, history }]) => {
    const bytes = Buffer.from(
      JSON.stringify({ config: { Env }, history: history.map((created_by) => ({ created_by })) }),
    );
    const configuration = await readConfiguration(bytes, { classify });
    if (configuration === undefined) throw new Error('not read');
    const images = imagesWith(configuration);

    expect(judge(imageNoSecretsInConfig, images)).toMatchObject({ status: 'PASSED', evidence: [] });
    expect(judge(imageNoSecretsInHistory, images)).toMatchObject({ status: 'PASSED', evidence: [] });
  });
});

test('T14: the Dockerfile of an official image puts no secret into it', async () => {
  const { Env, history } = OFFICIAL_IMAGES.python;
  const runs = history.filter((step) => step.startsWith('RUN ')).map((step) => step.replace('/bin/sh -c ', ''));
  const text = ['FROM debian:12.5', ...Env.map((pair) => `ENV ${pair}`), ...runs].join('\n');

  expect(await judgeText(dockerfileNoSecrets, text)).toMatchObject({ status: 'PASSED', evidence: [] });
});
