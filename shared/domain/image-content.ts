import { isShellScript } from './image-practices.ts';
import type { ClassifiedText } from './secret.ts';

/** The platform that an image index names for one of its images. */
export interface ImagePlatform {
  readonly os?: string;
  readonly architecture?: string;
}

/** What a manifest says about one layer. */
export interface LayerDescriptor {
  readonly digest: string;
  /** Bytes as stored. */
  readonly size: number;
  readonly mediaType: string;
}

/**
 * A manifest as far as it matters here. What a digest names never changes, so it is kept for good.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
export type ImageManifest =
  /** Images for several platforms; attestations are left out. */
  | { readonly kind: 'index'; readonly images: readonly (ImagePlatform & { readonly digest: string })[] }
  | {
      readonly kind: 'image';
      /** It is attached to another manifest, or says that it is an artifact: an image only where something runs it. */
      readonly refers?: true;
      readonly configuration: { readonly digest: string; readonly size: number };
      readonly layers: readonly LayerDescriptor[];
      /** The base image by the annotation, where the builder wrote it. */
      readonly baseName?: string;
      readonly baseDigest?: string;
    }
  /** Not a container image: a chart, a signature, an attestation, a build cache. */
  | { readonly kind: 'artifact'; readonly type: string };

export interface NamedClassifiedText {
  /** Its place among the others where it has no name, or one that may be a secret itself. */
  readonly name: string;
  readonly text: ClassifiedText;
}

/** How a command is written: as words, or as one text that a shell reads and stays in front of. */
export type CommandForm = 'none' | 'exec' | 'shell';

/** One step of the build. */
export interface HistoryStep {
  readonly text: ClassifiedText;
  /** Build tools that it installs and does not remove again. */
  readonly installs: readonly string[];
}

/**
 * The configuration of an image, with all free text classified: nothing here can be a secret.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export interface ImageConfiguration {
  readonly os?: string;
  readonly architecture?: string;
  /** Windows only. */
  readonly osVersion?: string;
  /** ISO 8601, UTC; absent where the build says none, or hides it for reproducibility. */
  readonly createdAt?: string;
  /** As written: `user`, `uid`, `user:group` …; absent = none, which is root. */
  readonly user?: string;
  /** As written: `22/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly entrypoint: CommandForm;
  readonly command: CommandForm;
  readonly environment: readonly NamedClassifiedText[];
  readonly labels: readonly NamedClassifiedText[];
  /** Null where the image keeps none. */
  readonly history: readonly HistoryStep[] | null;
  /** Where there is more in the environment, the labels or the history than is looked through. */
  readonly cutOff?: boolean;
}

/** How a command is written, by its words. */
export function commandFormOf(words: readonly string[]): CommandForm {
  if (words.length === 0) return 'none';
  return isShellScript(words) ? 'shell' : 'exec';
}

const TOOLS = new Set([
  'build-base',
  'build-essential',
  'cargo',
  'clang',
  'cmake',
  'g++',
  'gcc',
  'gcc-c++',
  'go',
  'golang',
  'golang-go',
  'make',
  'rust',
  'rustc',
]);
const IS_TOOL =
  /^(?:(?:default-|openjdk-?\d+-)jdk(?:-headless)?|java-[\d.]+-openjdk-devel|.+-dev|.+-devel|gcc-\d+|g\+\+-\d+|clang-?\d+|golang-[\d.]+)$/;
const INSTALL =
  /\b(?:apk(?:\s+-\S+){0,20}\s+add|apt(?:-get)?(?:\s+-\S+){0,20}\s+install|(?:micro)?(?:yum|dnf)(?:\s+-\S+){0,20}\s+install|zypper(?:\s+-\S+){0,20}\s+in(?:stall)?)\s+([^&|;]+)/g;
const REMOVAL =
  /\b(?:apk(?:\s+-\S+){0,20}\s+del|apt(?:-get)?(?:\s+-\S+){0,20}\s+(?:purge|remove|autoremove)|(?:micro)?(?:yum|dnf)(?:\s+-\S+){0,20}\s+(?:remove|erase|autoremove))\b([^&|;]*)/g;

/**
 * Compilers and headers that one step of a build installs and leaves behind. What the same step removes again (by name,
 * or as a virtual package) is not left.
 *
 * @param step `created_by` of a step in the history, or the shell text of a RUN instruction
 */
export function buildToolsLeftBy(step: string): readonly string[] {
  const removed = new Set([...step.matchAll(REMOVAL)].flatMap(([, words = '']) => wordsOf(words)));
  const tools = [...step.matchAll(INSTALL)].flatMap(([, words = '']) => {
    const virtual = /(?:--virtual(?:=|\s+)|-t\s+)(\S+)/.exec(words)?.[1];
    return virtual !== undefined && removed.has(virtual)
      ? []
      : wordsOf(words).map((word) => word.replace(/[=~<>].*$/, ''));
  });
  return [...new Set(tools.filter((name) => (TOOLS.has(name) || IS_TOOL.test(name)) && !removed.has(name)))].sort();
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s\\'"]+/).filter((word) => word !== '' && !word.startsWith('-'));
}
