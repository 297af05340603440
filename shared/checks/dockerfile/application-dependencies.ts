import type { DockerfileCommand } from '../../domain/dockerfile.ts';

type Settings = Readonly<Record<string, string>>;

/** What a command does to the dependencies of an application. */
export interface DependencyAction {
  readonly program: string;
  /** True where what only developers need is left out, or taken out again. */
  readonly isForProduction: boolean;
  /** Below the folder of the application. */
  readonly folder: string;
}

interface DependencyManager {
  readonly folder: string;
  /** Whether a command installs or prunes all dependencies of the application. */
  acts(operands: readonly string[]): boolean;
  isForProduction(words: readonly string[], settings: Settings): boolean;
}

const has = (words: readonly string[], pattern: RegExp) => words.some((word) => pattern.test(word));
/** `--omit=dev` and `--omit dev`. */
const given = (words: readonly string[], option: string, value: RegExp) =>
  words.some((word, index) =>
    word === option
      ? value.test(words[index + 1] ?? '')
      : word.startsWith(`${option}=`) && value.test(word.slice(option.length + 1)),
  );
const isOn = (value: string | undefined) => value !== undefined && /^(?:1|true|yes|on)$/i.test(value);
const setting = (settings: Settings, name: string) =>
  Object.entries(settings).findLast(([key]) => key.toUpperCase() === name)?.[1];
const isNodeProduction = (settings: Settings) => setting(settings, 'NODE_ENV') === 'production';

const MANAGERS: Readonly<Record<string, DependencyManager>> = {
  npm: {
    folder: 'node_modules',
    acts: ([verb = '', ...rest]) =>
      /^(?:ci|clean-install|install-clean|install|i|prune)$/.test(verb) && rest.length === 0,
    isForProduction: (words, settings) => {
      if (given(words, '--include', /dev/) || has(words, /^--(?:production=false|no-production|no-omit)$/))
        return false;
      return (
        given(words, '--omit', /dev/) ||
        given(words, '--only', /^prod/) ||
        has(words, /^--(?:production|prod)(?:=true)?$/) ||
        isNodeProduction(settings) ||
        isOn(setting(settings, 'NPM_CONFIG_PRODUCTION')) ||
        /dev/.test(setting(settings, 'NPM_CONFIG_OMIT') ?? '')
      );
    },
  },
  yarn: {
    folder: 'node_modules',
    acts: ([verb = 'install', second, ...rest]) =>
      verb === 'workspaces' ? second === 'focus' : verb === 'install' && second === undefined && rest.length === 0,
    isForProduction: (words, settings) =>
      has(words, /^--(?:production|prod)(?:=true)?$/) ||
      (!has(words, /^--production=false$/) &&
        (isNodeProduction(settings) || isOn(setting(settings, 'YARN_PRODUCTION')))),
  },
  pnpm: {
    folder: 'node_modules',
    acts: ([verb = '', ...rest]) => verb === 'deploy' || (/^(?:install|i|prune)$/.test(verb) && rest.length === 0),
    isForProduction: (words, settings) => has(words, /^(?:-P|--prod|--production)$/) || isNodeProduction(settings),
  },
  bun: {
    folder: 'node_modules',
    acts: ([verb = '', ...rest]) => /^(?:install|i)$/.test(verb) && rest.length === 0,
    isForProduction: (words, settings) =>
      has(words, /^(?:-p|--production)$/) || given(words, '--omit', /dev/) || isNodeProduction(settings),
  },
  composer: {
    folder: 'vendor',
    acts: ([verb = '']) => verb === 'install',
    isForProduction: (words, settings) => words.includes('--no-dev') || isOn(setting(settings, 'COMPOSER_NO_DEV')),
  },
  poetry: {
    folder: '.venv',
    acts: ([verb = '']) => verb === 'install' || verb === 'sync',
    isForProduction: (words) =>
      words.includes('--no-dev') || given(words, '--only', /main|prod/) || given(words, '--without', /dev/),
  },
  pipenv: {
    folder: '.venv',
    acts: ([verb = '', ...rest]) => (verb === 'install' || verb === 'sync') && rest.length === 0,
    isForProduction: (words) => !has(words, /^(?:-d|--dev)$/),
  },
  uv: {
    folder: '.venv',
    acts: ([verb = '']) => verb === 'sync',
    isForProduction: (words, settings) =>
      has(words, /^--(?:no-dev|no-default-groups|only-group)/) || isOn(setting(settings, 'UV_NO_DEV')),
  },
};

/** Options of these programs that are followed by a value of their own. */
const WITH_VALUE =
  /^(?:--(?:prefix|cwd|dir|filter|omit|only|without|include|registry|cache|extra|group|workspace|cache-dir|network-timeout|loglevel)|-[CFw])$/;

/** @param settings the variables in force */
export function dependencyAction(
  { program, words }: DockerfileCommand,
  settings: Settings,
): DependencyAction | undefined {
  const manager = Object.hasOwn(MANAGERS, program) ? MANAGERS[program] : undefined;
  if (manager === undefined || words.some((word) => /^(?:-g|--global|-v|--version|--help)$/.test(word)))
    return undefined;
  const operands = words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.test(words[index - 1] ?? ''));
  if (!manager.acts(operands)) return undefined;
  return { program, folder: manager.folder, isForProduction: manager.isForProduction(words, settings) };
}

/** Whether a command of pip reads a file of requirements that is named as one for development. */
export function installsDevelopmentRequirements({ program, words }: DockerfileCommand): boolean {
  if (program !== 'pip' && program !== 'uv') return false;
  return words.some(
    (word, index) =>
      /^(?:-r|--requirement)$/.test(words[index - 1] ?? '') &&
      /(?:^|[/._-])(?:dev|develop|development|tests?|testing)(?:[._-]|\/|$)/i.test(word),
  );
}
