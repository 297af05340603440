import { expect, test } from 'vitest';
import { UnitContext } from '#shared/collectors/collector-context.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { accessDenied, awsError } from '#test/support/collect.ts';
import { NOW } from '#test/support/judge.ts';

function unit(): UnitContext {
  const target = { accountId: '111122223333', region: 'us-east-1', partition: 'aws' };
  return new UnitContext({
    target,
    service: 'ecr',
    now: NOW,
    facts: new FactStore([target], new Map()),
    clientFor: () => {
      throw new Error('no clients in this test');
    },
    classify: async (_name, text) => ({ detections: [], length: text.length, keyedHash: '' }),
  });
}

async function* failingAfter(pages: readonly string[][], error?: Error): AsyncGenerator<string[]> {
  yield* pages;
  if (error) throw error;
}

async function drain(pages: AsyncGenerator<string, unknown>): Promise<{ items: string[]; outcome: unknown }> {
  const items: string[] = [];
  for (;;) {
    const step = await pages.next();
    if (step.done) return { items, outcome: step.value };
    items.push(step.value);
  }
}

test('a read that fails is an unknown and a gap, never an empty value', async () => {
  const context = unit();

  const policy = await context.read('ecr:GetRegistryPolicy', () =>
    Promise.reject(accessDenied('ecr:GetRegistryPolicy')),
  );

  expect(policy).toMatchObject({ known: false, reason: { cause: 'denied' } });
  expect(context.gaps.list()).toMatchObject([
    { operation: 'ecr:GetRegistryPolicy', missingPermission: 'ecr:GetRegistryPolicy', count: 1 },
  ]);
});

test('T32: an error that means "there is none" is the value null and no gap', async () => {
  const context = unit();

  const policy = await context.readOptional('ecr:GetLifecyclePolicy', ['LifecyclePolicyNotFoundException'], () =>
    Promise.reject(awsError('LifecyclePolicyNotFoundException')),
  );

  expect(policy).toEqual({ known: true, value: null });
  expect(context.gaps.list()).toEqual([]);
});

test('a listing that breaks on its second page gives what it had and says that it is not whole', async () => {
  const context = unit();

  const { items, outcome } = await drain(
    context.readPages(
      'ecs:ListServices',
      () => failingAfter([['a', 'b']], awsError('ThrottlingException')),
      (page) => page,
    ),
  );

  expect(items).toEqual(['a', 'b']);
  expect(outcome).toMatchObject({ known: false, reason: { cause: 'throttled' } });
});

test('a listing that comes to its end says so, even when it is empty', async () => {
  const { items, outcome } = await drain(
    unit().readPages(
      'ecs:ListServices',
      () => failingAfter([[]]),
      (page) => page,
    ),
  );

  expect(items).toEqual([]);
  expect(outcome).toEqual({ known: true, value: true });
});

test('the same failure on many resources is one gap with a count and the first uid in order', async () => {
  const context = unit();
  for (const resource of ['c', 'a', 'b']) {
    await context.read('ecr:GetRepositoryPolicy', () => Promise.reject(awsError('ServerException')), { resource });
  }

  expect(context.gaps.list()).toMatchObject([{ resource: 'a', count: 3 }]);
});

test('an operation denied five times without a success is not called a sixth time', async () => {
  const context = unit();
  let calls = 0;
  const call = () => {
    calls += 1;
    return Promise.reject(accessDenied('ecr:GetRepositoryPolicy'));
  };
  for (let index = 0; index < 20; index += 1) {
    expect((await context.read('ecr:GetRepositoryPolicy', call)).known).toBe(false);
  }

  expect(calls).toBe(5);
  expect(context.gaps.list()).toMatchObject([{ count: 20 }]);
});

test('PE-4: an operation denied by a service control policy is called once', async () => {
  const context = unit();
  let calls = 0;
  const call = () => {
    calls += 1;
    return Promise.reject(awsError('AccessDeniedException', 'with an explicit deny in a service control policy'));
  };
  await context.read('ecs:ListClusters', call);
  await context.read('ecs:ListClusters', call);

  expect(calls).toBe(1);
});

test('an operation that answered once is called again after denials: resource policies differ', async () => {
  const context = unit();
  await context.read('kms:DescribeKey', async () => 'key');
  let calls = 0;
  for (let index = 0; index < 7; index += 1) {
    await context.read('kms:DescribeKey', () => {
      calls += 1;
      return Promise.reject(accessDenied('kms:DescribeKey'));
    });
  }

  expect(calls).toBe(7);
});
