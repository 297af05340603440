import type { DockerIgnore } from '../../../domain/dockerfile.ts';
import { known, type Observed, undecidable } from '../../../domain/observed.ts';

/**
 * The patterns of a `.dockerignore`, without comments and empty lines.
 *
 * @param content null where there is no such file, undefined where nobody looked
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function dockerIgnoreFrom(content: Uint8Array | null | undefined): Observed<DockerIgnore> {
  if (content === undefined) return undecidable('It is not known whether there is a .dockerignore.');
  if (content === null) return known(null);
  const lines = new TextDecoder().decode(content).split(/\r?\n/);
  return known(lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).map((line) => line.trim()));
}
