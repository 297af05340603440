import type { DockerfileBase } from '../../../domain/dockerfile.ts';
import { Expander, type Variables } from './build-variables.ts';
import type { WrittenInstruction } from './read-dockerfile.ts';

/** A list of texts in JSON, what only looks like one, or words for the shell. */
type WrittenForm = 'exec' | 'broken-list' | 'shell';

/** An instruction with the values of the variables at its place. */
export interface PlacedInstruction {
  readonly path: string;
  readonly written: WrittenInstruction;
  readonly words: readonly string[];
  readonly form: WrittenForm;
  /** The value of each property, where it has one. */
  readonly values: readonly { readonly name: string; readonly value: string | undefined }[];
}

export interface PlacedStage {
  readonly path: string;
  readonly line: number;
  readonly label: string;
  readonly name?: string;
  readonly base: DockerfileBase;
  readonly instructions: readonly PlacedInstruction[];
}

export interface PlacedDockerfile {
  /** The arguments before the first `FROM`. */
  readonly globals: readonly PlacedInstruction[];
  readonly stages: readonly PlacedStage[];
}

interface OpenStage extends Omit<PlacedStage, 'instructions'> {
  readonly instructions: PlacedInstruction[];
  /** Instructions so far, by keyword. */
  readonly counts: Map<string, number>;
  /** Variables in force, which later instructions change. */
  readonly variables: Map<string, string>;
  /** Those of `ENV` alone, which stages built upon this one inherit. */
  readonly environment: Map<string, string>;
}

/** Names that may stand in a sentence; others are told by their number. */
const STAGE_NAME = /^[a-z][a-z0-9_.-]{0,60}$/;

/** Sorts instructions that have no problems into stages, and follows the variables from one to the next. */
export function stagesOf(instructions: readonly WrittenInstruction[]): PlacedDockerfile {
  const last = instructions.filter(({ keyword }) => keyword === 'FROM').length - 1;
  const globals: PlacedInstruction[] = [];
  const expander = new Expander();
  const globalVariables = new Map<string, string>();
  const stages: OpenStage[] = [];
  for (const written of instructions) {
    const stage = stages.at(-1);
    if (written.keyword === 'FROM')
      stages.push(openStage(written, stages, globalVariables, stages.length === last, expander));
    else if (stage === undefined) {
      globals.push(place(written, `ARG[${globals.length}]`, globalVariables, expander));
      setVariables(written, expander, globalVariables);
    } else {
      stage.instructions.push(place(written, nextPath(stage, written), stage.variables, expander));
      if (!written.onBuild) setStageVariables(written, stage, globalVariables, expander);
    }
  }
  return { globals, stages };
}

function openStage(
  { command, line }: WrittenInstruction,
  before: readonly OpenStage[],
  globals: Variables,
  isLast: boolean,
  expander: Expander,
): OpenStage {
  const [written = '', , givenName] = command.split(/\s+/);
  const base = baseOf(unquoted(written), before, globals, expander);
  const name = givenName?.toLowerCase();
  const isTold = name !== undefined && name !== 'final' && STAGE_NAME.test(name);
  const environment = new Map(base.kind === 'stage' ? before[base.stage]?.environment : []);
  return {
    path: `FROM[${before.length}]`,
    line,
    label: isLast ? 'stage final' : `stage ${isTold ? name : before.length}`,
    ...(name === undefined ? {} : { name }),
    base,
    instructions: [],
    counts: new Map(),
    variables: new Map(environment),
    environment,
  };
}

function baseOf(written: string, before: readonly OpenStage[], globals: Variables, expander: Expander): DockerfileBase {
  const image = expander.expand(written, globals);
  const stage = before.findLastIndex(({ name }) => name === image.toLowerCase());
  if (stage !== -1) return { kind: 'stage', stage };
  return image === 'scratch' ? { kind: 'scratch' } : { kind: 'image', written, image };
}

/** The path of one more instruction of its kind. */
function nextPath({ label, counts }: OpenStage, written: WrittenInstruction): string {
  const keyword = keywordOf(written);
  const index = counts.get(keyword) ?? 0;
  counts.set(keyword, index + 1);
  return `${label}: ${keyword}[${index}]`;
}

function place(written: WrittenInstruction, path: string, variables: Variables, expander: Expander): PlacedInstruction {
  const { words, form } = wordsOf(written, (text) => expander.expand(text, variables));
  return {
    path,
    written,
    words,
    form,
    values: written.properties.map(({ name, value }) => ({
      name,
      value: value === null ? undefined : expander.expand(value, variables),
    })),
  };
}

function keywordOf({ keyword, onBuild }: WrittenInstruction): string {
  return onBuild ? 'ONBUILD' : keyword;
}

const WITH_VARIABLES = new Set(['COPY', 'ADD', 'USER', 'WORKDIR']);
const WITH_LISTS = new Set(['COPY', 'ADD', 'CMD', 'ENTRYPOINT', 'RUN', 'SHELL']);

function wordsOf(
  { keyword, command }: WrittenInstruction,
  expand: (text: string) => string,
): { readonly words: readonly string[]; readonly form: WrittenForm } {
  const list = WITH_LISTS.has(keyword) && command.startsWith('[') ? listOf(command) : undefined;
  if (list !== undefined) {
    return { words: WITH_VARIABLES.has(keyword) ? list.map(expand) : list, form: 'exec' };
  }
  const looksLikeList = keyword !== 'COPY' && keyword !== 'ADD' && /^\[[^\]]*\]\s*$/.test(command);
  const form = WITH_LISTS.has(keyword) && looksLikeList && command !== '[ ]' ? 'broken-list' : 'shell';
  if (!WITH_VARIABLES.has(keyword)) return { words: [], form };
  if (keyword === 'USER' || keyword === 'WORKDIR') return { words: [expand(unquoted(command))], form };
  return { words: command.split(/\s+/).map((word) => expand(unquoted(word))), form };
}

/** What is no list of texts in JSON goes to the shell, as Docker has it. */
function listOf(command: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(command);
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}

function setStageVariables(
  written: WrittenInstruction,
  { variables, environment }: OpenStage,
  globals: Variables,
  expander: Expander,
): void {
  if (written.keyword === 'ENV') {
    // All of one instruction see what was set before it.
    const values = written.properties.map(
      ({ name, value }) => [name, expander.expand(value ?? '', variables)] as const,
    );
    for (const [name, value] of values) {
      variables.set(name, value);
      environment.set(name, value);
    }
  } else if (written.keyword === 'ARG') {
    setVariables(written, expander, variables, globals, environment);
  }
}

/** @param environment wins over arguments of the same name */
function setVariables(
  { properties }: WrittenInstruction,
  expander: Expander,
  variables: Map<string, string>,
  globals: Variables = new Map(),
  environment: Variables = new Map(),
): void {
  for (const { name, value } of properties) {
    const given = value === null ? globals.get(name) : expander.expand(value, variables);
    if (given !== undefined && !environment.has(name)) variables.set(name, given);
  }
}
