import type { Dockerfile, DockerfileInstruction, DockerfileStage } from '../../domain/dockerfile.ts';

/** What is found out about a whole file once, however many of its instructions ask. */
export function oncePerFile<T>(findOut: (dockerfile: Dockerfile) => T): (dockerfile: Dockerfile) => T {
  const found = new WeakMap<Dockerfile, { readonly value: T }>();
  return (dockerfile) => {
    const value = found.get(dockerfile) ?? { value: findOut(dockerfile) };
    found.set(dockerfile, value);
    return value.value;
  };
}

/** A stage and the stages of the file it is built upon, the first of them first. */
export function chainOf({ stages }: Dockerfile, index: number): readonly DockerfileStage[] {
  const chain: DockerfileStage[] = [];
  for (let at: number | undefined = index; at !== undefined; ) {
    const stage: DockerfileStage | undefined = stages[at];
    if (stage === undefined) break;
    chain.unshift(stage);
    // A stage is built upon an earlier one only, so that this ends.
    at = stage.base.kind === 'stage' && stage.base.stage < at ? stage.base.stage : undefined;
  }
  return chain;
}

/** The stages whose layers the image has: the last one and what it is built upon. */
export function finalChain(dockerfile: Dockerfile): readonly DockerfileStage[] {
  return chainOf(dockerfile, dockerfile.stages.length - 1);
}

/** What is done when these stages are built, in order: not what `ONBUILD` leaves to others. */
export function instructionsOf(stages: readonly DockerfileStage[]): readonly DockerfileInstruction[] {
  return stages.flatMap(({ instructions }) => instructions.filter(({ onBuild }) => !onBuild));
}

/** The image outside the file on which a chain of stages is built. */
export function rootImage([first]: readonly DockerfileStage[]): string {
  if (first?.base.kind === 'scratch') return 'scratch';
  return first?.base.kind === 'image' ? first.base.image : '';
}

/** Whether what is built runs on Windows, as its base image or its shell says. */
export function isWindows(chain: readonly DockerfileStage[]): boolean {
  if (/windows|nanoserver/i.test(rootImage(chain))) return true;
  return instructionsOf(chain).some(
    ({ keyword, words: [shell = ''] }) => keyword === 'SHELL' && /^(?:powershell|cmd)/i.test(shell),
  );
}

/** A `RUN`, with what is in force where it stands. */
export interface PlacedRun {
  readonly stage: number;
  readonly isInFinalImage: boolean;
  readonly run: DockerfileInstruction;
  /** Variables given before it, of those that checks know. */
  readonly settings: Readonly<Record<string, string>>;
  /** The folder it runs in; `/` where the base image decides. */
  readonly folder: string;
}

/** What a stage leaves to those that are built upon it. */
interface StageEnd {
  readonly settings: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** Every `RUN` of every stage. */
export const runsOf = oncePerFile((dockerfile): readonly PlacedRun[] => {
  const final = new Set(finalChain(dockerfile));
  const ends: StageEnd[] = [];
  return dockerfile.stages.flatMap((stage, index) => {
    const own: PlacedRun[] = [];
    let { settings, folder } = beginOf(stage, ends);
    for (const instruction of instructionsOf([stage])) {
      settings = { ...settings, ...instruction.settings };
      if (instruction.keyword === 'WORKDIR') folder = joined(folder, instruction.words[0] ?? '');
      if (instruction.keyword !== 'RUN') continue;
      own.push({ stage: index, isInFinalImage: final.has(stage), run: instruction, settings, folder });
    }
    ends.push({ settings, folder });
    return own;
  });
});

/** What a stage begins with: `/` and nothing where the base image decides. A stage is built upon an earlier one only. */
function beginOf({ base }: DockerfileStage, ends: readonly StageEnd[]): StageEnd {
  return (base.kind === 'stage' ? ends[base.stage] : undefined) ?? { settings: {}, folder: '/' };
}

/** PATH_MAX of Linux. */
export const LONGEST_PATH = 4096;

/**
 * A path as seen from a folder, without a slash at its end, as long as paths may be.
 *
 * @param folder one that came from here, or `/`
 */
export function joined(folder: string, path: string): string {
  let whole = folder === '/' || /^(?:\/|[A-Za-z]:)/.test(path) ? '' : folder;
  for (const part of path.split('/')) {
    if (part === '..') whole = whole.slice(0, Math.max(whole.lastIndexOf('/'), 0));
    else if (part !== '' && part !== '.') whole = `${whole}/${part}`;
  }
  return whole === '' ? '/' : whole.slice(0, LONGEST_PATH);
}

/** The stage that `--from` names, by name or number; undefined for an image outside the file. */
export function stageNamed({ stages }: Dockerfile, from: string): number | undefined {
  const byName = stages.findLastIndex(({ name }) => name === from.toLowerCase());
  if (byName !== -1) return byName;
  return /^\d+$/.test(from) && Number(from) < stages.length ? Number(from) : undefined;
}

/** The value of a flag such as `--from`. */
export function flagOf({ flags }: DockerfileInstruction, name: string): string | undefined {
  return flags.find((flag) => flag.name === name)?.value;
}
