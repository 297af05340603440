import type { CommandForm } from './image-content.ts';
import type { Observed } from './observed.ts';
import type { ResourceBase } from './resource.ts';
import type { ClassifiedText } from './secret.ts';

/** A command in a shell script, as far as checks look at it. */
export interface DockerfileCommand {
  /** Without its folder: `apt-get`. */
  readonly program: string;
  /** What follows the program, for the programs that checks know; empty for all others. */
  readonly words: readonly string[];
  /** Variables set for this command alone, of those that checks know. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A text that stands in the file and may hold a secret. */
export interface DockerfileText {
  /** The name of the variable or label it is the value of. */
  readonly name?: string;
  readonly text: ClassifiedText;
  /** True where the name is one of a secret and the value comes from elsewhere: a build argument, a variable. */
  readonly isSecretPassedIn: boolean;
}

/** How a command is written: also for a shell that hands over by `exec`, and as a list that is none in JSON. */
export type DockerfileForm = CommandForm | 'shell-exec' | 'broken-list';

/** One instruction of a stage. */
export interface DockerfileInstruction {
  /** In capitals. */
  readonly keyword: string;
  /** Evidence path: `stage final: RUN[2]`, the third RUN of the last stage. */
  readonly path: string;
  /** True for what `ONBUILD` leaves to the images built upon this one. */
  readonly onBuild: boolean;
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  /**
   * The arguments after the flags, of `COPY`, `ADD`, `USER`, `WORKDIR` and `SHELL`. Variables have the values
   * the file gives them; one without a value stays as it is written, with its dollar sign.
   */
  readonly words: readonly string[];
  readonly form: DockerfileForm;
  /** The commands that run in a shell. */
  readonly commands: readonly DockerfileCommand[];
  /** Compilers and headers that it installs and does not remove again. */
  readonly buildTools: readonly string[];
  /** Variables that an `ENV` or `ARG` gives to the commands after it, of those that checks know. */
  readonly settings: Readonly<Record<string, string>>;
  readonly texts: readonly DockerfileText[];
}

/** What a stage begins from. */
export type DockerfileBase =
  | { readonly kind: 'scratch' }
  /** An earlier stage of the file, by its place. */
  | { readonly kind: 'stage'; readonly stage: number }
  /** As written, and with the variables that have a default in the file. */
  | { readonly kind: 'image'; readonly written: string; readonly image: string };

export interface DockerfileStage {
  /** Evidence path of its `FROM`: `FROM[0]`. */
  readonly path: string;
  /** Evidence path without an instruction: `stage final`, `stage builder`, `stage 1`. */
  readonly label: string;
  /** In small letters, as other instructions name it. */
  readonly name?: string;
  readonly base: DockerfileBase;
  /** What stands behind `FROM`. */
  readonly baseText: ClassifiedText;
  readonly instructions: readonly DockerfileInstruction[];
}

/** What a `.dockerignore` keeps out of the build, from the first pattern to the last; null where there is none. */
export type DockerIgnore = readonly string[] | null;

/** A Dockerfile; its last stage is the image, because which one `--target` names no file says. */
export interface Dockerfile extends ResourceBase<'Dockerfile'> {
  /** The arguments before the first stage. */
  readonly globals: readonly DockerfileInstruction[];
  /** At least one. */
  readonly stages: readonly DockerfileStage[];
  readonly dockerIgnore: Observed<DockerIgnore>;
}

declare module './resource.ts' {
  interface ResourceByType {
    Dockerfile: Dockerfile;
  }
}
