import type { ImageUserFact } from '../../collectors/images/model.ts';
import type { FactByKind, FactKind, FactLookup } from '../../domain/fact.ts';
import { mapObserved } from '../../domain/observed.ts';
import type { SeenImage } from './look-at-image.ts';
import type { WantedImage } from './look-at-task-definition.ts';
import { NOTHING_STATED } from './looking.ts';

/** As whom the images start that were looked into, under the names by which task definitions ask for them. */
export function usersOf(
  images: readonly (Pick<SeenImage, 'image'> & { readonly wanted: readonly WantedImage[] })[],
  at: Date,
): FactLookup {
  const stated: readonly ImageUserFact[] = images.flatMap(({ image, wanted }) => {
    if (image?.images.known !== true) return [];
    const { accountId, region } = image;
    const place = { kind: 'image-user' as const, accountId, region, observedAt: at.toISOString() };
    return image.images.value.flatMap(({ digest, configuration }) => {
      const user = mapObserved(configuration, (one) => one.user ?? null);
      return wanted.map(({ written }) => ({ ...place, key: written, digest, user }));
    });
  });
  return {
    ...NOTHING_STATED,
    about: <K extends FactKind>(kind: K, key?: string) => ({
      ...NOTHING_STATED.about(kind, key),
      facts: stated.filter(
        (fact) => fact.kind === (kind as FactKind) && fact.key === key,
      ) as unknown as FactByKind[K][],
    }),
  };
}
