import { type ParseEntry, parse } from 'shell-quote';
import type { DockerfileCommand } from '../../../domain/dockerfile.ts';

/** The programs whose words checks look at; the words of all others may be secrets that nobody needs. */
const KNOWN_PROGRAMS = new Set(
  (
    'apt apt-get aptitude apk dnf dnf5 yum microdnf tdnf zypper pacman unattended-upgrade unattended-upgrades rm find npm yarn ' +
    'pnpm bun composer bundle pip poetry pipenv uv pdm go cargo mvn mvnw gradle gradlew dotnet tsc make cmake gcc g++ ' +
    'javac rustc'
  ).split(' '),
);

/** The variables that change what those programs do. */
const KNOWN_SETTINGS = new Set(
  (
    'NODE_ENV NPM_CONFIG_PRODUCTION NPM_CONFIG_OMIT NPM_CONFIG_INCLUDE YARN_PRODUCTION PIP_NO_CACHE_DIR COMPOSER_NO_DEV ' +
    'BUNDLE_WITHOUT UV_NO_DEV UV_NO_CACHE POETRY_WITHOUT'
  )
    .split(' ')
    .flatMap((name) => [name, name.toLowerCase()]),
);

/** Words before a command that are no command themselves. */
const PREFIXES = new Set(
  'if then elif else do while until ! { time exec command env nohup nice eatmydata xargs builtin'.split(' '),
);
const RAISING = new Set(['sudo', 'doas']);
const REDIRECTION = /^(?:&?>>?|>&|<&|>\||<|<<|<<<|<>)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
const SHELL = /^(?:ba|da|a|z|k)?sh$/;

/** Shells called by shells called by shells are as deep as anybody writes them. */
const MAX_DEPTH = 3;

/** Settings that checks know, of those given. */
export function knownSettings(pairs: Iterable<readonly [string, string]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...pairs].filter(([name]) => KNOWN_SETTINGS.has(name)));
}

/**
 * The simple commands of a shell script, in order. Which of them run is not decided: what stands behind `||` or in a
 * branch counts as the rest does.
 *
 * @param script lines of a shell script, or the text of a `RUN`
 */
export function shellCommands(script: string, depth = 0): readonly DockerfileCommand[] {
  const commands: DockerfileCommand[] = [];
  const exported = new Map<string, string>();
  for (const line of script.replace(/\\\r?\n/g, ' ').split('\n')) {
    for (const words of simpleCommands(line)) {
      for (const command of readCommand(words, exported, depth)) commands.push(command);
    }
  }
  return commands;
}

/** The commands of the words of an exec form, which no shell takes apart. */
export function execCommands(words: readonly string[]): readonly DockerfileCommand[] {
  return readCommand(words, new Map(), 0);
}

function* simpleCommands(line: string): Generator<readonly string[]> {
  let words: string[] = [];
  let skipNext = false;
  for (const token of tokensOf(line)) {
    const word = wordOf(token);
    if (word !== undefined) {
      if (!skipNext) words.push(word);
      skipNext = false;
    } else if ('op' in (token as object)) {
      const { op } = token as { op: string };
      skipNext = REDIRECTION.test(op);
      if (skipNext) {
        if (/^\d$/.test(words.at(-1) ?? '')) words.pop();
      } else {
        yield words;
        words = [];
      }
    }
  }
  yield words;
}

/** Variables stay as they are written; braces are taken off, because the library refuses those that are not closed. */
function tokensOf(line: string): readonly ParseEntry[] {
  return parse(line.replace(/\$\{/g, '{'), (name) => `$${name}`);
}

function wordOf(token: ParseEntry): string | undefined {
  if (typeof token === 'string') return token;
  return 'pattern' in token ? token.pattern : undefined;
}

/** @param exported what `export` has set before, of what checks know; grows */
function readCommand(
  words: readonly string[],
  exported: Map<string, string>,
  depth: number,
): readonly DockerfileCommand[] {
  const commands: DockerfileCommand[] = [];
  const own: [string, string][] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, name, value = ''] = ASSIGNMENT.exec(word) ?? [];
    if (name !== undefined) own.push([name, value]);
    else if (RAISING.has(programOf(word))) {
      commands.push({ program: 'sudo', words: [], settings: {} });
      at = afterOptions(words, at + 1) - 1;
    } else if (!PREFIXES.has(word)) break;
  }
  const [first, ...rest] = words.slice(at);
  if (first === undefined) return commands;
  if (first === 'export') {
    const known = knownSettings(rest.flatMap((word) => assignment(word)));
    for (const [name, value] of Object.entries(known)) exported.set(name, value);
    return commands;
  }
  const script = depth < MAX_DEPTH && SHELL.test(programOf(first)) ? scriptOf(rest) : undefined;
  if (script !== undefined) return [...commands, ...shellCommands(script, depth + 1)];
  const [program, operands] = withoutInterpreter(programOf(first), rest);
  const settings = knownSettings([...exported, ...own]);
  commands.push({ program, words: KNOWN_PROGRAMS.has(program) ? operands : [], settings });
  return commands;
}

function assignment(word: string): [string, string][] {
  const [, name, value = ''] = ASSIGNMENT.exec(word) ?? [];
  return name === undefined ? [] : [[name, value]];
}

/** `sudo -u app -E npm`: the options that take a value are those that name somebody. */
function afterOptions(words: readonly string[], from: number): number {
  let at = from;
  while (words[at]?.startsWith('-') === true) at += /^-[ughCp]$/.test(words[at] ?? '') ? 2 : 1;
  return at;
}

/** The script of `sh -c script`, `bash -euxo pipefail -c script`. */
function scriptOf(words: readonly string[]): string | undefined {
  const option = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return option === -1 ? undefined : words[option + 1];
}

function programOf(word: string): string {
  const name = word.slice(word.lastIndexOf('/') + 1).replace(/\.(?:exe|cmd)$/i, '');
  if (/^pip[\d.]*$/.test(name)) return 'pip';
  return /^[\w.+-]{1,60}$/.test(name) ? name : '';
}

/** `python3 -m pip install` is pip. */
function withoutInterpreter(program: string, words: readonly string[]): readonly [string, readonly string[]] {
  const [option, module, ...rest] = words;
  if (/^python[\d.]*$/.test(program) && option === '-m' && module !== undefined) return [programOf(module), rest];
  return [program, words];
}
