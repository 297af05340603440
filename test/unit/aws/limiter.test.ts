import { expect, test } from 'vitest';
import { Limiter } from '#shared/aws/limiter.ts';
import { bucketOf } from '#shared/aws/rate-limits.ts';

test('ECS operations that share a published bucket share ours', () => {
  expect(bucketOf('ecs:ListTasks').name).toBe(bucketOf('ecs:DescribeContainerInstances').name);
  expect(bucketOf('ecs:ListTasks').name).not.toBe(bucketOf('ecs:ListServices').name);
  expect(bucketOf('ecs:DescribeTaskDefinition')).toMatchObject({ burst: 50, perSecond: 20, published: true });
});

test('an operation without a published rate has a careful bucket of its own', () => {
  expect(bucketOf('ecr:DescribeImages')).toMatchObject({ name: 'ecr:DescribeImages', published: false });
});

test('no more calls of one bucket are under way than allowed, and other regions do not wait for them', async () => {
  const limiter = new Limiter({ rateShare: 'unlimited', concurrency: 3 });
  let [running, peak] = [0, 0];
  const call = async () => {
    running += 1;
    peak = Math.max(peak, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  const calls = Array.from({ length: 30 }, (_, index) =>
    limiter.run('111122223333', index < 15 ? 'us-east-1' : 'eu-west-1', 'ecs:ListTasks', call),
  );
  await Promise.all(calls);

  expect(peak).toBe(6);
});

test('a failing call does not stop the bucket', async () => {
  const limiter = new Limiter({ rateShare: 1, concurrency: 1 });

  await expect(limiter.run('1', 'us-east-1', 'ecs:ListTasks', () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  await expect(limiter.run('1', 'us-east-1', 'ecs:ListTasks', async () => 'yes')).resolves.toBe('yes');
});
