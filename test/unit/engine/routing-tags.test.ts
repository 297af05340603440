import { expect, test } from 'vitest';
import { known, undecidable } from '#shared/domain/observed.ts';
import { withRoutingTags } from '#shared/engine/routing-tags.ts';
import { finding } from '#test/factories/finding.ts';

test('a finding carries the tags that routes ask for, and no others', () => {
  const [tagged] = withRoutingTags([finding()], ['stage', 'team'], () => known({ team: 'payments', cost: 'x' }));

  expect(tagged?.tags).toEqual({ team: 'payments' });
});

test('tags that could not be read, and resources that have none, leave the finding as it is', () => {
  expect([...withRoutingTags([finding()], ['team'], () => undecidable('denied'))]).toEqual([finding()]);
  expect([...withRoutingTags([finding()], ['team'], () => undefined)]).toEqual([finding()]);
  expect([...withRoutingTags([finding()], ['team'], () => known({}))]).toEqual([finding()]);
});

test('a tag is looked up as the resource names it, also where it is called like a property of objects', () => {
  expect([...withRoutingTags([finding()], ['constructor'], () => known({}))]).toEqual([finding()]);
});
