/**
 * What a Dockerfile and the image built from it are told in the same words, because the rule is the same: why it matters.
 * The fix of both is in the Dockerfile.
 */
export const IMAGE_PRACTICES = {
  userNonroot: {
    rationale:
      'A container runs as the user of its image unless it is told otherwise. Root inside a container is the starting point of most container escapes, and it may change every file the container can write.',
    fix: 'Create a user in the Dockerfile and end its last stage with USER and that user, best by a number other than 0.',
    url: 'https://docs.docker.com/build/building/best-practices/#user',
  },
  commandExecForm: {
    rationale:
      'In the shell form a shell is process 1. It does not pass SIGTERM on, so that the program is killed in the middle of its work at each deployment and scale-in, and the image needs a shell.',
    fix: 'Write CMD and ENTRYPOINT as a JSON list with double quotes, such as ["node", "server.js"], or begin the shell script with exec.',
    url: 'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
  },
  noSecrets: {
    rationale:
      'Whoever may pull an image reads its environment, labels, build history and every file of every layer, also of those that a later layer hides.',
    fix: 'Rotate the secret. Give it to the build by RUN --mount=type=secret and to the container when it starts, from Secrets Manager; take it out of ENV, ARG, LABEL, COPY and RUN.',
    url: 'https://docs.docker.com/build/building/secrets/',
  },
} as const;

const SHELL = /(?:^|[\\/])(?:(?:ba|da|a|z|k)?sh|cmd|powershell|pwsh)(?:\.exe)?$/i;

/** Programs that run what their arguments say, as themselves or in their place. */
const WRAPPER = /(?:^|\/)(?:tini|dumb-init|env|busybox)$/;

/**
 * Whether a command in exec form is a shell with a script that stays process 1, which is what the shell form is turned
 * into. A script that begins its last command by `exec` hands process 1 over, unless it is one of a pipe or in the
 * background.
 *
 * @see https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example
 */
export function isShellScript(words: readonly string[]): boolean {
  const script = scriptOf(words);
  if (script === undefined) return false;
  const bare = script.replaceAll(/'[^']*'|"[^"]*"/g, '""');
  const commands = bare.split(/&&|\|\||;|\n/).map((command) => command.trim());
  const last = commands.findLast((command) => command !== '') ?? '';
  // Which branch ends a script is not followed: one that hands over somewhere is taken at its word.
  if (/^(?:fi|esac|done|\})/.test(last)) return !/(?:^|\s)exec\s/.test(bare);
  return !/^exec\s/.test(last) || /\||&\s*$/.test(last);
}

/** The script of a shell; undefined where the command is none. */
function scriptOf(words: readonly string[]): string | undefined {
  let at = 0;
  while (WRAPPER.test(words[at] ?? '')) {
    at += 1;
    while (/^-|=/.test(words[at] ?? '')) at += 1;
  }
  if (!SHELL.test(words[at] ?? '')) return undefined;
  for (at += 1; at < words.length; at += 1) {
    const option = words[at] ?? '';
    // `cmd /S /C script`: the script is what comes last, but for the arguments of a POSIX shell's script.
    if (/^\/[cs]$/i.test(option)) return words.at(-1);
    if (/^-(?:[a-z]*c|command)$/i.test(option)) return words[at + 1] ?? '';
    if (/^[-+]o$/.test(option)) at += 1;
    else if (!/^(?:[-+].|\/[a-z]$)/i.test(option)) return undefined;
  }
  return undefined;
}
