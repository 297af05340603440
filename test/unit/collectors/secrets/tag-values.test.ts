import { expect, test } from 'vitest';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { itemsWithoutSecretTags } from '#shared/collectors/secrets/tag-values.ts';
import { known } from '#shared/domain/observed.ts';
import type { Resource, ResourceBase } from '#shared/domain/resource.ts';
import { repository } from '#test/factories/ecr.ts';
import { denied } from '#test/support/judge.ts';

const classify = createClassifier({ hashKey: new Uint8Array(32) });

/** The resource as it comes out of a collector's stream. */
async function cleaned(resource: Resource): Promise<ResourceBase<string>> {
  async function* items() {
    yield { resource };
  }
  for await (const item of itemsWithoutSecretTags(items(), classify)) return item.resource as ResourceBase<string>;
  throw new Error('the resource was lost');
}

test('T15: a tag value that looks like a secret is withheld, and the others stay', async () => {
  const tags = known({ team: 'platform', 'db-password': 'Tr0ub4dor&3!horse', 'password-policy': 'strict' });

  expect((await cleaned(repository({ tags }))).tags).toEqual(
    known({ team: 'platform', 'db-password': '(withheld: looks like a secret)', 'password-policy': 'strict' }),
  );
});

test('tags that could not be read stay unknown', async () => {
  const tags = denied('tag:GetResources');

  expect((await cleaned(repository({ tags }))).tags).toEqual(tags);
});
