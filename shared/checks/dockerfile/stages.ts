import type { Dockerfile, DockerfileInstruction, DockerfileStage } from '../../domain/dockerfile.ts';

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

/** Every `RUN` of every stage. */
export function runsOf(dockerfile: Dockerfile): readonly PlacedRun[] {
  const final = new Set(finalChain(dockerfile));
  return dockerfile.stages.flatMap((stage, index) => {
    const own: PlacedRun[] = [];
    let settings: Readonly<Record<string, string>> = {};
    let folder = '/';
    for (const link of chainOf(dockerfile, index)) {
      for (const instruction of instructionsOf([link])) {
        settings = { ...settings, ...instruction.settings };
        if (instruction.keyword === 'WORKDIR') folder = joined(folder, instruction.words[0] ?? '');
        if (instruction.keyword !== 'RUN' || link !== stage) continue;
        own.push({ stage: index, isInFinalImage: final.has(stage), run: instruction, settings, folder });
      }
    }
    return own;
  });
}

/** A path as seen from a folder, without a slash at its end. */
export function joined(folder: string, path: string): string {
  const whole = /^(?:\/|[A-Za-z]:)/.test(path) ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
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
