import { defineCheck } from '../../domain/check.ts';
import type { Dockerfile, DockerfileForm, DockerfileInstruction } from '../../domain/dockerfile.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { failed, notApplicable, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import { finalChain, instructionsOf } from './stages.ts';

const { rationale, fix, url } = IMAGE_PRACTICES.commandExecForm;

/** What the image starts must be process 1 itself. */
export const dockerfileCommandExecForm = defineCheck({
  id: 'dockerfile-command-exec-form',
  title: 'Dockerfiles should give CMD and ENTRYPOINT in exec form',
  resourceType: 'Dockerfile',
  baseSeverity: 'LOW',
  rationale,
  limits:
    'Judges the CMD and ENTRYPOINT that the last stage ends with. A list that is a shell with a script fails as the shell form does, unless the last command of the script begins with exec. A start script that is called is not read.',
  remediation: { text: fix, url },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.2'] },
  evaluate: (dockerfile) =>
    worstOf(startedBy(dockerfile).map(judgeForm), notApplicable("the base image's command is started")),
});

/** `CMD` of the base is forgotten where a stage sets `ENTRYPOINT`; the last of each in force is left. */
function startedBy(dockerfile: Dockerfile): readonly DockerfileInstruction[] {
  let command: DockerfileInstruction | undefined;
  let entrypoint: DockerfileInstruction | undefined;
  for (const stage of finalChain(dockerfile)) {
    let isOwnCommand = false;
    for (const instruction of instructionsOf([stage])) {
      if (instruction.keyword === 'CMD') [command, isOwnCommand] = [instruction, true];
      if (instruction.keyword !== 'ENTRYPOINT') continue;
      entrypoint = instruction;
      if (!isOwnCommand) command = undefined;
    }
  }
  // What follows an entrypoint in shell form is thrown away.
  const started = entrypoint !== undefined && SHELL_FORMS.has(entrypoint.form) ? [entrypoint] : [entrypoint, command];
  return started.filter(
    (instruction) => instruction !== undefined && instruction.form !== 'none',
  ) as DockerfileInstruction[];
}

const SHELL_FORMS: ReadonlySet<DockerfileForm> = new Set<DockerfileForm>(['shell', 'shell-exec', 'broken-list']);

function judgeForm({ form, path }: DockerfileInstruction): Verdict {
  const evidence = [{ path, observed: form, expected: 'exec' }];
  if (form === 'broken-list') return failed('the list is not JSON, so that a shell starts it', evidence);
  if (form === 'shell') return failed('a shell is process 1', evidence);
  return form === 'shell-exec' ? passed('the shell hands over by exec', evidence) : passed();
}
