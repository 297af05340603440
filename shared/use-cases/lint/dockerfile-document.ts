import { basename } from 'node:path';
import type { Classify } from '../../collectors/kubernetes/raw-fields.ts';
import { nameStrength } from '../../collectors/secrets/secret-names.ts';
import type {
  Dockerfile,
  DockerfileCommand,
  DockerfileForm,
  DockerfileInstruction,
  DockerfileStage,
  DockerfileText,
  DockerIgnore,
} from '../../domain/dockerfile.ts';
import { buildToolsLeftBy, commandFormOf } from '../../domain/image-content.ts';
import type { Observed } from '../../domain/observed.ts';
import { hasVariable } from './dockerfile/build-variables.ts';
import { type DockerfileProblem, readDockerfile } from './dockerfile/read-dockerfile.ts';
import { execCommands, knownSettings, shellCommands } from './dockerfile/shell-commands.ts';
import { type PlacedDockerfile, type PlacedInstruction, stagesOf } from './dockerfile/stages.ts';
import type { LintedResource } from './document-source.ts';
import { NOWHERE } from './identity.ts';
import type { LineTree } from './line-tree.ts';

/** `Dockerfile`, `Containerfile`, `api.Dockerfile`, `Dockerfile.dev`. */
const FILE_NAME = /^(?:(?:.*\.)?(?:Docker|Container)file|(?:Docker|Container)file\..+)$/i;

/** What lies beside Dockerfiles, is made into one, or is about one. */
const OTHER_FILE = /\.(?:dockerignore|ya?ml|json|md|txt|tmpl|tpl|template|j2|jinja2?|erb|in|sh|py|lock|bak|orig)$/i;

/** What is taken for an instruction at the start of a text, and the one that no Dockerfile is without. */
const FIRST_INSTRUCTION = /^(?:\s*(?:#.*)?(?:\r?\n|$))*[^\S\n]*(?:FROM|ARG)[^\S\n]+[^\s:=]/i;
const FROM = /^[^\S\n]*FROM[^\S\n]+\S/im;

/** Whether a file has a name by which Docker and its tools find Dockerfiles. */
export function isDockerfileName(file: string): boolean {
  const name = basename(file);
  return FILE_NAME.test(name) && !OTHER_FILE.test(name);
}

/** Whether a text begins as only Dockerfiles do. */
export function looksLikeDockerfile(text: string): boolean {
  return FIRST_INSTRUCTION.test(text) && FROM.test(text);
}

/** A Dockerfile, or why Docker would refuse it. */
export type ReadDockerfile = { readonly linted: LintedResource } | { readonly problems: readonly DockerfileProblem[] };

/**
 * A Dockerfile in a file. What may be a secret stops here: it is classified, and only what programs are called with that
 * checks look at goes on.
 *
 * @throws only what `classify` throws
 */
export async function dockerfileResource(
  file: string,
  text: string,
  dockerIgnore: Observed<DockerIgnore>,
  classify: Classify,
): Promise<ReadDockerfile> {
  const { instructions, problems } = readDockerfile(text);
  if (problems.length > 0) return { problems };
  const placed = stagesOf(instructions);
  const stages: DockerfileStage[] = [];
  for (const { path, label, name, base, instructions: own } of placed.stages) {
    const read = await readInstructions(own, classify);
    const baseText = await classify('', base.kind === 'image' ? base.written : '');
    stages.push({ path, label, ...(name === undefined ? {} : { name }), base, baseText, instructions: read });
  }
  const resource: Dockerfile = {
    ...NOWHERE,
    type: 'Dockerfile',
    uid: `dockerfile/${file}`,
    name: file === '-' ? 'Dockerfile' : basename(file),
    inUse: 'unknown',
    globals: await readInstructions(placed.globals, classify),
    stages,
    dockerIgnore,
  };
  return { linted: { resource, source: { file, document: 0, lines: linesOf(placed) } } };
}

/** Evidence about what is missing leads to the last stage. */
function linesOf({ globals, stages }: PlacedDockerfile): LineTree {
  const instructions = [...globals, ...stages.flatMap((stage) => stage.instructions)];
  const lines = new Map([
    ...stages.map(({ path, line }) => [path, { line }] as const),
    ...instructions.map(({ path, written }) => [path, { line: written.line }] as const),
  ]);
  return { line: stages.at(-1)?.line ?? 1, children: lines };
}

async function readInstructions(
  placed: readonly PlacedInstruction[],
  classify: Classify,
): Promise<readonly DockerfileInstruction[]> {
  const read: DockerfileInstruction[] = [];
  for (const instruction of placed) {
    const { path, written, words, values } = instruction;
    const { keyword, onBuild, flags } = written;
    const settings = values.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
    read.push({
      keyword,
      path,
      onBuild,
      flags,
      words: KEEPS_WORDS.has(keyword) ? words : [],
      form: formOf(instruction),
      commands: commandsOf(instruction),
      buildTools: keyword === 'RUN' ? buildToolsLeftBy([written.command, ...written.heredocs].join('\n')) : [],
      settings: knownSettings(settings),
      texts: await textsOf(instruction, classify),
    });
  }
  return read;
}

const KEEPS_WORDS = new Set(['COPY', 'ADD', 'USER', 'WORKDIR', 'SHELL']);

/** The shell form is a shell with a script; a list may be one as well. */
function formOf({ written, words, form }: PlacedInstruction): DockerfileForm {
  if (form === 'exec') return commandFormOf(words);
  if (form === 'broken-list') return form;
  return commandFormOf(['sh', '-c', written.command]) === 'shell' ? 'shell' : 'shell-exec';
}

function commandsOf({ written, words, form }: PlacedInstruction): readonly DockerfileCommand[] {
  const { keyword, command, heredocs } = written;
  if (keyword !== 'RUN' && keyword !== 'CMD' && keyword !== 'ENTRYPOINT') return [];
  if (form === 'exec') return execCommands(words);
  const line = command.replace(/<<-?(["']?)[A-Za-z_][\w.-]*\1/g, '').trim();
  const fromHeredoc = /^(?:(?:\S*\/)?(?:ba|da|a|z|k)?sh\b[^|;&]*)?$/.test(line)
    ? heredocs
        .filter((script) => !/^#!(?!.*\b(?:ba|da|a|z|k)?sh\b)/.test(script))
        .flatMap((script) => shellCommands(script))
    : [];
  return [...shellCommands(line), ...fromHeredoc];
}

/** Arguments and labels by their names, everything else as a whole. */
async function textsOf({ written, values }: PlacedInstruction, classify: Classify): Promise<readonly DockerfileText[]> {
  if (values.length > 0) {
    const texts: DockerfileText[] = [];
    for (const [index, { name, value }] of values.entries()) {
      const asWritten = written.properties[index]?.value ?? null;
      texts.push({
        name,
        text: await classify(name, asWritten ?? ''),
        isSecretPassedIn: isSecret(name) && (value === undefined || (asWritten !== null && hasVariable(asWritten))),
      });
    }
    return texts;
  }
  const flags = written.flags.map(({ name, value }) => `--${name}=${value}`);
  const text = [...flags, written.command, ...written.heredocs].join('\n');
  return [{ text: await classify('', text), isSecretPassedIn: false }];
}

function isSecret(name: string): boolean {
  const strength = nameStrength(name);
  return strength === 'password' || strength === 'secret';
}
