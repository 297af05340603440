import type { Dockerfile, DockerfileInstruction } from '../../domain/dockerfile.ts';
import { chainOf, finalChain, flagOf, instructionsOf, joined, stageNamed } from './stages.ts';

/**
 * Whether a path of a stage ends up in the image: because the image is built upon the stage, or because it is copied from
 * there, itself or with a folder it is in.
 */
export function reachesFinalImage(dockerfile: Dockerfile, stage: number, path: string): boolean {
  const final = new Set(finalChain(dockerfile));
  const copies = dockerfile.stages.flatMap((_, target) =>
    copiesOf(dockerfile, target).flatMap((copy) => {
      const from = stageNamed(dockerfile, flagOf(copy.instruction, 'from') ?? '');
      return from === undefined || from >= target
        ? []
        : [{ copy, target, origins: new Set(chainOf(dockerfile, from)) }];
    }),
  );
  // Copies go from earlier stages to later ones only, and no place is looked at twice: this ends.
  const seen = new Set<string>();
  const reaches = (at: number, where: string): boolean => {
    const origin = dockerfile.stages[at];
    const place = `${at} ${where}`;
    if (origin === undefined || seen.has(place)) return false;
    if (final.has(origin)) return true;
    seen.add(place);
    return copies.some(({ copy, target, origins }) => {
      const arrived = origins.has(origin) ? arrivalOf(where, copy) : undefined;
      return arrived !== undefined && reaches(target, arrived);
    });
  };
  return reaches(stage, path);
}

/** A `COPY` or `ADD`, and the folder its destination is seen from. */
export interface PlacedCopy {
  readonly instruction: DockerfileInstruction;
  readonly sources: readonly string[];
  /** From the root. */
  readonly destination: string;
}

/** The copies of one stage. */
export function copiesOf(dockerfile: Dockerfile, stage: number): readonly PlacedCopy[] {
  const own = dockerfile.stages[stage];
  const copies: PlacedCopy[] = [];
  let folder = '/';
  for (const link of chainOf(dockerfile, stage)) {
    for (const instruction of instructionsOf([link])) {
      const { keyword, words } = instruction;
      if (keyword === 'WORKDIR') folder = joined(folder, words[0] ?? '');
      if (link !== own || (keyword !== 'COPY' && keyword !== 'ADD')) continue;
      copies.push({ instruction, sources: words.slice(0, -1), destination: joined(folder, words.at(-1) ?? '') });
    }
  }
  return copies;
}

/** Where a path is after it was copied; undefined where it was not. Of what a variable names, the last part is compared. */
function arrivalOf(path: string, { sources, destination }: PlacedCopy): string | undefined {
  for (const written of sources) {
    const source = joined('/', written.replace(/\/?\*+$/, ''));
    if (source === path || source === '/' || path.startsWith(`${source}/`)) {
      return joined(destination, path.slice(source === '/' ? 1 : source.length + 1));
    }
    if (written.includes('$') && source.split('/').at(-1) === path.split('/').at(-1)) return destination;
  }
  return undefined;
}
