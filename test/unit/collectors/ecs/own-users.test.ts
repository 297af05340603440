import { expect, test } from 'vitest';
import { OwnUsers } from '#shared/collectors/ecs/own-users.ts';
import { familyWith, taskDefinitionFamily, undescribedFamily } from '#test/factories/ecs.ts';

const has = (family: Parameters<OwnUsers['add']>[0]) => {
  const users = new OwnUsers();
  users.add(family);
  return users.has(family.revisionsInUse[0]?.arn, 'app');
};

test('a container sets a user of its own where its definition names one that is not root', () => {
  expect(has(taskDefinitionFamily())).toBe(true);
  expect(has(familyWith({ user: 'app' }))).toBe(true);
});

test.for(['0', 'root', ''])('not with the user %j', (user) => {
  expect(has(familyWith({ user }))).toBe(false);
});

test('nothing is said of a revision that could not be read', () => {
  expect(has(undescribedFamily())).toBe(false);
});
