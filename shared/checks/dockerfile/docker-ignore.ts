import { matchesWildcard } from '../../domain/wildcard.ts';

/**
 * Whether patterns of a `.dockerignore` keep a name at the top of the build context out: the last one that matches wins.
 *
 * @param before what patterns before these say
 * @see https://docs.docker.com/build/concepts/context/#syntax
 */
export function isIgnored(name: string, patterns: readonly string[], before = false): boolean {
  let ignored = before;
  for (const written of patterns) {
    const isException = written.startsWith('!');
    const pattern = written
      .slice(isException ? 1 : 0)
      .trim()
      .replace(/^(?:\.?\/)+/, '')
      .replace(/^(?:\*\*\/)+/, '')
      .replace(/\/(?:\*\*?)?\/?$/, '');
    if (pattern !== '' && matchesWildcard(pattern, name, { questionMark: true })) ignored = !isException;
  }
  return ignored;
}
