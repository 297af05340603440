import { expect, test } from 'vitest';
import { imageUserNonroot as check } from '#shared/checks/image/image-user-nonroot.ts';
import { imageUserOf } from '#shared/domain/image-user.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { imageUser } from '#test/factories/images.ts';
import { contextFor } from '#test/support/judge.ts';

const NAME = imageUser().key;
const of = (...users: readonly Parameters<typeof imageUser>[0][]) =>
  imageUserOf(NAME, contextFor(check, { facts: users.map(imageUser) }).facts);

test('T01: the worst of the images under a name counts', () => {
  expect(of({ user: known('1000') }, { user: known(null) })).toMatchObject({ value: { isRoot: true } });
});

test('T01: one that is not known proves no other user', () => {
  expect(of({ user: known('1000') }, { user: undecidable('It is gone.') })).toMatchObject({ known: false });
});

test('T01: one that starts as root is enough, whatever is not known of the others', () => {
  expect(of({ user: undecidable('It is gone.') }, { user: known(null) })).toMatchObject({ value: { isRoot: true } });
});
