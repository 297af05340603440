type Settings = Readonly<Record<string, string>>;

/** The cache of a package manager of a programming language. */
export interface ApplicationCache {
  readonly program: string;
  readonly folder: RegExp;
  fills(words: readonly string[], settings: Settings): boolean;
  cleans(words: readonly string[]): boolean;
}

/** Whether the first words that are no options are these. */
function says(words: readonly string[], ...wanted: readonly (readonly string[])[]): boolean {
  const operands = words.filter((word) => !word.startsWith('-'));
  return wanted.every((choices, index) => choices.includes(operands[index] ?? ''));
}

const INSTALL = ['install', 'i', 'add', 'ci', 'clean-install', 'install-clean'];

/** Where a program keeps what it has downloaded, and what leaves nothing there. */
export const APPLICATION_CACHES: readonly ApplicationCache[] = [
  {
    // https://pip.pypa.io/en/stable/topics/caching/
    program: 'pip',
    folder: /\.cache(?:\/pip|\/?\*?$)/,
    fills: (words, { PIP_NO_CACHE_DIR: off }) =>
      says(words, ['install']) && !words.includes('--no-cache-dir') && (off === undefined || off === ''),
    cleans: (words) => says(words, ['cache'], ['purge']),
  },
  {
    // https://docs.npmjs.com/cli/commands/npm-cache
    program: 'npm',
    folder: /(?:^|\/)\.npm(?:\/|$)/,
    fills: (words) => says(words, INSTALL),
    cleans: (words) => says(words, ['cache'], ['clean', 'clear', 'rm']),
  },
  {
    program: 'yarn',
    folder: /\.cache(?:\/yarn|\/?\*?$)|\.yarn\/cache|share\/\.cache/,
    fills: (words) =>
      words.every((word) => word.startsWith('-'))
        ? !words.some((word) => /^-(?:v|-version|-help)$/.test(word))
        : says(words, INSTALL),
    cleans: (words) => says(words, ['cache'], ['clean']),
  },
  {
    program: 'pnpm',
    folder: /pnpm\/?(?:store|$)/,
    fills: (words) => says(words, INSTALL),
    cleans: (words) => says(words, ['store'], ['prune']),
  },
  {
    program: 'composer',
    folder: /\.composer|\.cache\/composer|\/tmp/,
    fills: (words) => says(words, ['install', 'require', 'update']) && !words.includes('--no-cache'),
    cleans: (words) => says(words, ['clear-cache', 'clearcache', 'cc']),
  },
];
