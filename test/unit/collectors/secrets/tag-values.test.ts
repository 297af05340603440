import { expect, test } from 'vitest';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { withoutSecretTags } from '#shared/collectors/secrets/tag-values.ts';
import { known } from '#shared/domain/observed.ts';
import { repository } from '#test/factories/ecr.ts';
import { denied } from '#test/support/judge.ts';

const classify = createClassifier({ hashKey: new Uint8Array(32) });

test('T15: a tag value that looks like a secret is withheld, and the others stay', async () => {
  const tags = known({ team: 'platform', 'db-password': 'Tr0ub4dor&3!horse', 'password-policy': 'strict' });

  expect((await withoutSecretTags(repository({ tags }), classify)).tags).toEqual(
    known({ team: 'platform', 'db-password': '(withheld: looks like a secret)', 'password-policy': 'strict' }),
  );
});

test('tags that could not be read stay unknown', async () => {
  const tags = denied('tag:GetResources');

  expect((await withoutSecretTags(repository({ tags }), classify)).tags).toEqual(tags);
});
