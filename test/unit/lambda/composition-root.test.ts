import { expect, test } from 'vitest';
import { parseEnvironment } from '#shared/config/lambda-environment.ts';
import { LambdaApp } from '#shared/lambda/composition-root.ts';

const QUEUES = {
  HULLCHECK_UNIT_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/unit',
  HULLCHECK_FINISH_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/finish',
};

async function classifierWith(environment: Readonly<Record<string, string>>) {
  const app = new LambdaApp({
    environment: parseEnvironment({ HULLCHECK_TABLE: 'hullcheck', ...QUEUES, ...environment }),
    caller: { partition: 'aws', region: 'us-east-1', accountId: '111122223333' },
    toolVersion: '0.0.0-test',
  });
  return (await app.wiring('run-1', [])).classify;
}

test('equal secrets have equal hashes in every process that has the key of the deployment', async () => {
  const key = { HULLCHECK_HASH_KEY: 'a key of the tests' };
  const [one, other] = [await classifierWith(key), await classifierWith(key)];

  expect((await one('PASSWORD', 'tide-and-time')).keyedHash).toBe((await other('PASSWORD', 'tide-and-time')).keyedHash);
});

test('without that key nothing is read: the run fails and says what is missing', async () => {
  const classify = await classifierWith({});

  await expect(classify('PASSWORD', 'tide-and-time')).rejects.toThrow(
    'The environment variable HULLCHECK_HASH_KEY is missing.',
  );
});
