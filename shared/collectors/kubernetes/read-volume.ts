import { z } from 'zod';
import type { PodVolume } from '../../domain/pod-spec.ts';
import { withoutUndefined } from '../eks/without-undefined.ts';
import { integer, listOf, optional, quantityText, text } from './raw-fields.ts';

const PROJECTION = z.object({
  serviceAccountToken: optional(z.object({ audience: text, expirationSeconds: integer, path: text })),
});

/** Loose, because a volume's kind is the name of its key, and new kinds must not be taken for none. */
export const VOLUME = z.looseObject({
  name: text,
  hostPath: optional(z.object({ path: text, type: text })),
  emptyDir: optional(z.object({ medium: text, sizeLimit: quantityText })),
  projected: optional(z.object({ sources: listOf(PROJECTION) })),
});

/** A volume by its place; one without a source is an `emptyDir`, as the API server fills in. */
export function volumeFrom(raw: z.output<typeof VOLUME>, path: string): PodVolume {
  const { name = '', hostPath, emptyDir, projected } = raw;
  const sources = Object.keys(raw)
    .filter((key) => key !== 'name' && raw[key] !== null && raw[key] !== undefined)
    .sort();
  return {
    name,
    path,
    sources: sources.length === 0 ? ['emptyDir'] : sources,
    ...withoutUndefined({
      hostPath: hostPath && { path: hostPath.path ?? '', ...withoutUndefined({ type: hostPath.type }) },
      emptyDir: emptyDir ? withoutUndefined(emptyDir) : sources.length === 0 ? {} : undefined,
    }),
    tokens: (projected?.sources ?? []).flatMap(({ serviceAccountToken }) =>
      serviceAccountToken === undefined ? [] : [withoutUndefined(serviceAccountToken)],
    ),
  };
}
