import type { Dockerfile, DockerfileInstruction } from '../../domain/dockerfile.ts';
import {
  chainOf,
  finalChain,
  flagOf,
  instructionsOf,
  joined,
  LONGEST_PATH,
  oncePerFile,
  stageNamed,
} from './stages.ts';

/**
 * Whether a path of a stage ends up in the image: because the image is built upon the stage, or because it is copied from
 * there, itself or with a folder it is in.
 */
export function reachesFinalImage(dockerfile: Dockerfile, stage: number, path: string): boolean {
  return reachOf(dockerfile).reaches(stage, path);
}

/** A `COPY` or `ADD`, and the folder its destination is seen from. */
export interface PlacedCopy {
  readonly instruction: DockerfileInstruction;
  readonly sources: readonly string[];
  /** From the root. */
  readonly destination: string;
}

/** The copies of each stage. */
export const copiesOf = oncePerFile(({ stages }: Dockerfile): readonly (readonly PlacedCopy[])[] => {
  const folders: string[] = [];
  return stages.map((stage) => {
    const copies: PlacedCopy[] = [];
    let folder = (stage.base.kind === 'stage' ? folders[stage.base.stage] : undefined) ?? '/';
    for (const instruction of instructionsOf([stage])) {
      const { keyword, words } = instruction;
      if (keyword === 'WORKDIR') folder = joined(folder, words[0] ?? '');
      if (keyword !== 'COPY' && keyword !== 'ADD') continue;
      copies.push({ instruction, sources: words.slice(0, -1), destination: joined(folder, words.at(-1) ?? '') });
    }
    folders.push(folder);
    return copies;
  });
});

const reachOf = oncePerFile((dockerfile) => new Reach(dockerfile));

/** More than any Dockerfile takes, of which each copy from one stage to the next can double the paths. */
const MOST_STEPS = 200_000;

/** A copy from one stage to a later one. */
interface Carrier {
  readonly target: number;
  readonly destination: string;
  readonly sources: readonly Source[];
}

interface Source {
  readonly path: string;
  /** The last part, where a variable is among the others. */
  readonly lastPart?: string;
}

/** Follows paths through the copies of one file. */
class Reach {
  readonly #final: ReadonlySet<number>;
  /** By the stages from which they carry something, themselves or what they are built upon. */
  readonly #carriers = new Map<number, Carrier[]>();
  readonly #found = new Map<string, boolean>();
  #steps = 0;

  constructor(dockerfile: Dockerfile) {
    const numbers = new Map(dockerfile.stages.map((stage, index) => [stage, index]));
    const chain = (stages: ReturnType<typeof chainOf>) => stages.map((stage) => numbers.get(stage) ?? -1);
    this.#final = new Set(chain(finalChain(dockerfile)));
    for (const [target, copies] of copiesOf(dockerfile).entries()) {
      for (const copy of copies) {
        const from = stageNamed(dockerfile, flagOf(copy.instruction, 'from') ?? '');
        if (from === undefined || from >= target) continue;
        const carrier = { target, destination: copy.destination, sources: copy.sources.map(sourceOf) };
        for (const origin of chain(chainOf(dockerfile, from))) this.#add(origin, carrier);
      }
    }
  }

  /** Copies go from earlier stages to later ones only: this ends. Where the steps run out, a path counts as copied. */
  reaches(stage: number, path: string): boolean {
    if (this.#final.has(stage)) return true;
    const place = `${stage} ${path}`;
    const known = this.#found.get(place);
    if (known !== undefined) return known;
    const found = (this.#carriers.get(stage) ?? []).some((carrier) => {
      this.#steps += carrier.sources.length;
      if (this.#steps > MOST_STEPS) return true;
      const arrived = arrivalOf(path, carrier);
      return arrived !== undefined && this.reaches(carrier.target, arrived);
    });
    this.#found.set(place, found);
    return found;
  }

  #add(origin: number, carrier: Carrier): void {
    const carriers = this.#carriers.get(origin);
    if (carriers === undefined) this.#carriers.set(origin, [carrier]);
    else carriers.push(carrier);
  }
}

/** Of what a variable names, the last part is compared. */
function sourceOf(written: string): Source {
  const path = joined('/', withoutStars(written));
  return written.includes('$') ? { path, lastPart: path.slice(path.lastIndexOf('/') + 1) } : { path };
}

/** A folder and everything in it is the folder. */
function withoutStars(written: string): string {
  let end = written.length;
  while (written[end - 1] === '*') end -= 1;
  return written.slice(0, end);
}

function below(folder: string, inside: string): string {
  return folder === '/' ? inside || '/' : `${folder}${inside}`.slice(0, LONGEST_PATH);
}

/** Where a path is after it was copied; undefined where it was not. */
function arrivalOf(path: string, { sources, destination }: Carrier): string | undefined {
  for (const source of sources) {
    const inside = source.path === '/' ? path : path.slice(source.path.length);
    if (path.startsWith(source.path) && (inside === '' || inside.startsWith('/'))) return below(destination, inside);
    if (source.lastPart !== undefined && source.lastPart === path.slice(path.lastIndexOf('/') + 1)) return destination;
  }
  return undefined;
}
