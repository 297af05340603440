import {
  DockerfileParser,
  type Instruction,
  ModifiableInstruction,
  type Onbuild,
  PropertyInstruction,
} from 'dockerfile-ast';
import { separateHeredocs, unmasked } from './heredocs.ts';

/** An instruction as it is written: with its secrets, so that it goes no further than the reader of Dockerfiles. */
export interface WrittenInstruction {
  readonly keyword: string;
  /** From 1. */
  readonly line: number;
  readonly onBuild: boolean;
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  /** The arguments after the flags on one line, without continuations and the comments between them. */
  readonly command: string;
  /** What the heredocs of the instruction hold. */
  readonly heredocs: readonly string[];
  /** Of `ENV`, `ARG` and `LABEL`; null where an argument has no default. */
  readonly properties: readonly { readonly name: string; readonly value: string | null }[];
}

/** Something for which Docker would refuse the file; never with content. */
export interface DockerfileProblem {
  readonly line: number;
  readonly message: string;
}

export interface WrittenDockerfile {
  readonly instructions: readonly WrittenInstruction[];
  readonly problems: readonly DockerfileProblem[];
}

/** More than any Dockerfile has; reading takes longer than the file is long. */
const MAX_LENGTH = 512 * 1024;
/** What a line may have for BuildKit. */
const MAX_LINE = 65_535;

/** More stages than anybody has; who copies from whom is followed through all of them. */
const MAX_STAGES = 200;

const KEYWORDS = new Set(
  (
    'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME ' +
    'WORKDIR'
  ).split(' '),
);

/**
 * Reads a Dockerfile as BuildKit does.
 *
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function readDockerfile(text: string): WrittenDockerfile {
  const tooLong = lengthProblem(text);
  if (tooLong !== undefined) return { instructions: [], problems: [tooLong] };
  const source = text.replace(/^\ufeff/, '');
  // The directive stands in the first lines of comments, if anywhere.
  const escapeCharacter = DockerfileParser.parse(/^(?:[^\S\n]*#.*\n)*/.exec(source)?.[0] ?? '').getEscapeCharacter();
  const { text: bare, bodies, open } = separateHeredocs(source, escapeCharacter);
  const read = DockerfileParser.parse(bare)
    .getInstructions()
    .map((instruction) => written(instruction, escapeCharacter, bodies));
  const problems = [
    ...ambiguousLines(bare, escapeCharacter),
    ...open.map((line) => ({ line: line + 1, message: 'has a heredoc that is not closed' })),
    ...read
      .filter(({ isWhole }) => !isWhole)
      .map(({ line }) => ({ line, message: 'is read otherwise than Docker does' })),
  ];
  const instructions = read.map(({ isWhole: _, ...instruction }) => instruction);
  return { instructions, problems: [...problems, ...problemsOf(instructions)] };
}

/**
 * Lines that BuildKit and parsers of Dockerfiles part in different ways: two escapes at an end continue no line for the
 * one, and a carriage return within a line begins no other.
 */
function ambiguousLines(text: string, escapeCharacter: string): readonly DockerfileProblem[] {
  const twice = new RegExp(`(?:\\${escapeCharacter}){2}[ \\t]*$`);
  return text.split('\n').flatMap((written, index) => {
    const line = written.replace(/\r$/, '');
    if (/^\s*#/.test(line)) return [];
    if (line.includes('\r')) return { line: index + 1, message: 'has a carriage return within a line' };
    return twice.test(line) ? { line: index + 1, message: 'has a line that ends with two escape characters' } : [];
  });
}

function lengthProblem(text: string): DockerfileProblem | undefined {
  const long = text.split('\n').findIndex((line) => line.length > MAX_LINE);
  if (long !== -1) return { line: long + 1, message: `has a line of more than ${MAX_LINE} characters` };
  if (text.length <= MAX_LENGTH) return undefined;
  return { line: 1, message: 'is a Dockerfile of more than 512 KiB, which is not read' };
}

function written(
  instruction: Instruction,
  escapeCharacter: string,
  bodies: ReadonlyMap<number, readonly string[]>,
): WrittenInstruction & { readonly isWhole: boolean } {
  const first = instruction.getRange().start.line;
  const trigger = instruction.getKeyword() === 'ONBUILD' ? (instruction as Onbuild).getTriggerInstruction() : null;
  const inner = trigger ?? instruction;
  const { command, body } = unfold(inner.getRawArgumentsContent() ?? '', escapeCharacter);
  const flags = inner instanceof ModifiableInstruction ? inner.getFlags() : [];
  const properties = inner instanceof PropertyInstruction ? inner.getProperties() : [];
  return {
    keyword: inner.getKeyword(),
    line: first + 1,
    onBuild: trigger !== null,
    flags: flags.map((flag) => ({ name: flag.getName(), value: unmasked(flag.getValue() ?? '') })),
    command: unmasked(command),
    heredocs: bodies.get(first) ?? [],
    properties: properties.map((property) => {
      const value = property.getValue();
      return { name: unmasked(property.getName()), value: value === null ? null : unmasked(value) };
    }),
    isWhole: body === undefined,
  };
}

/** Puts continued lines together; lines of nothing but a comment between them do not count. Nothing may be left. */
function unfold(raw: string, escapeCharacter: string): { readonly command: string; readonly body?: string } {
  const lines = raw.split(/\r?\n/);
  const continuation = new RegExp(`\\${escapeCharacter}[^\\S\\n]*$`);
  let command = '';
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(?:#|$)/.test(line)) continue;
    const joined = line.replace(continuation, '');
    command += joined;
    if (joined !== line) continue;
    const body = lines.slice(index + 1).join('\n');
    return body === '' ? { command: command.trim() } : { command: command.trim(), body };
  }
  return { command: command.trim() };
}

function problemsOf(instructions: readonly WrittenInstruction[]): readonly DockerfileProblem[] {
  const problems: DockerfileProblem[] = [];
  let hasFrom = false;
  for (const instruction of instructions) {
    const { keyword, line } = instruction;
    hasFrom ||= keyword === 'FROM';
    const message = problemOf(instruction, hasFrom);
    if (message !== undefined) problems.push({ line, message });
  }
  const tooMany = instructions.filter(({ keyword }) => keyword === 'FROM')[MAX_STAGES];
  if (tooMany !== undefined) problems.push({ line: tooMany.line, message: `has more than ${MAX_STAGES} stages` });
  if (!hasFrom && problems.length === 0) problems.push({ line: 1, message: 'is a Dockerfile without FROM' });
  return problems;
}

function problemOf(
  { keyword, command, onBuild, properties }: WrittenInstruction,
  hasFrom: boolean,
): string | undefined {
  if (!KEYWORDS.has(keyword)) return 'has an instruction that Docker does not know';
  if (!hasFrom && keyword !== 'ARG') return `has ${keyword} before the first FROM`;
  if (onBuild && (keyword === 'FROM' || keyword === 'ONBUILD')) return `has ${keyword} below ONBUILD`;
  if (command === '' && properties.length === 0) return `has ${keyword} without an argument`;
  if (keyword === 'FROM' && !/^\S+(?:\s+as\s+\S+)?$/i.test(command))
    return 'has a FROM that is not an image and a name';
  if (/^(?:COPY|ADD)$/.test(keyword) && !command.startsWith('[') && !/\S\s+\S/.test(command))
    return `has ${keyword} without a destination`;
  return undefined;
}
