import { expect, test } from 'vitest';
import { ecsTaskRootFilesystemReadonly as good } from '#shared/checks/ecs/ecs-task-root-filesystem-readonly.ts';
import type { Check } from '#shared/domain/check.ts';
import { createRegistry } from '#shared/engine/registry.ts';

const variant = (overrides: Partial<Check>): Check => ({ ...(good as Check), ...overrides });

test('checks come out in order of id, whatever the order they were given in', () => {
  const registry = createRegistry([variant({ id: 'ecs-z-last' }), variant({ id: 'ecr-a-first' })]);

  expect(registry.checks.map((check) => check.id)).toEqual(['ecr-a-first', 'ecs-z-last']);
});

test('a check is found by its id and by its earlier ids', () => {
  const registry = createRegistry([variant({ aliases: ['ecs-task-read-only'] })]);

  expect(registry.find('ecs-task-read-only')?.id).toBe(good.id);
  expect(registry.find(good.id)?.id).toBe(good.id);
  expect(registry.find('ecs-nothing')).toBeUndefined();
});

test.for([
  ['an id that is not kebab-case', { id: 'ecs_Bad' }, 'kebab-case'],
  ['an id of no area', { id: 'lambda-function-good' }, 'begin with an area'],
  ['a title without "should"', { title: 'Ensure that it is good' }, '"should"'],
  ['an empty rationale', { rationale: ' ' }, 'must name the risk'],
  ['a rationale that is too long', { rationale: 'x'.repeat(401) }, 'longer than 400'],
  [
    'a remediation without a period',
    { remediation: { text: 'Do it', url: 'https://docs.aws.amazon.com/' } },
    'ends with a period',
  ],
  ['a remediation without an https address', { remediation: { text: 'Do it.', url: 'http://x' } }, 'https address'],
] as const)('refuses %s and names the check', ([, overrides, sentence]) => {
  const bad = variant(overrides);

  expect(() => createRegistry([bad])).toThrow(sentence);
  expect(() => createRegistry([bad])).toThrow(bad.id);
});

test('refuses two checks of one id, and an alias that is another check', () => {
  expect(() => createRegistry([variant({}), variant({})])).toThrow('is taken');
  expect(() => createRegistry([variant({}), variant({ id: 'ecs-other-good', aliases: [good.id] })])).toThrow(
    'is taken',
  );
});
