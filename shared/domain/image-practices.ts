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

/**
 * Whether a command in exec form is a shell with a script that stays process 1, which is what the shell form is turned
 * into. A script that begins its last command by `exec` hands process 1 over.
 *
 * @see https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example
 */
export function isShellScript(words: readonly string[]): boolean {
  const [program = '', option = '', ...rest] = words;
  if (!SHELL.test(program) || !/^(?:-[a-z]*c|\/c|\/s|-command)$/i.test(option)) return false;
  // `cmd /S /C script`: the script is what comes last, but for the arguments of a POSIX shell's script.
  const script = (option.startsWith('/') ? rest.at(-1) : rest[0]) ?? '';
  const last = script.split(/&&|;|\n/).findLast((command) => command.trim() !== '') ?? '';
  return !/^\s*exec\s/.test(last);
}
