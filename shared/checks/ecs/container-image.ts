import { type ImageReference, parseImageReference } from '../../domain/image-reference.ts';
import { unknownBecause, type Verdict } from '../../domain/verdict.ts';
import type { ContainerDefinition } from './judge-revisions.ts';

/**
 * Judges the image of a container by its parts; a text that is no image name (a variable that a template left behind)
 * is UNKNOWN.
 *
 * @param path evidence path of the container
 * @param judge gets the parts, and the image's name without tag and digest, which is the same in every release
 */
export function judgeImage(
  container: ContainerDefinition,
  path: string,
  judge: (reference: ImageReference, name: string) => Verdict,
): Verdict {
  const reference = parseImageReference(container.image);
  if (reference !== undefined) return judge(reference, `${reference.registry}/${reference.repository}`);
  return unknownBecause({ kind: 'undecidable', message: 'The image is no complete image name.' }, [
    { path: `${path}.image`, observed: container.image, expected: 'an image name' },
  ]);
}
