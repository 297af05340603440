import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';

/** Accounts that own a Windows container, without their authority (`User Manager\`, `NT AUTHORITY\`). */
const ADMINISTRATORS = new Set(['containeradministrator', 'administrator', 'system', 'localsystem']);

/** Only Windows is judged: a definition without an operating system family is a Linux one. */
export const ecsTaskWindowsUserNonadmin = defineCheck({
  id: 'ecs-task-windows-user-nonadmin',
  title: 'ECS task definitions should run Windows containers as a user other than an administrator',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  severityNote:
    'AWS rates ECS.21 Medium. The ECS API reference says that user is not supported for Windows containers, so what it changes is not certain.',
  rationale:
    'A Windows container without a user runs as ContainerAdministrator in most base images, which may change every file in it and holds the privileges that escapes need.',
  limits: "The image's own user is not known here; nanoserver images default to ContainerUser.",
  remediation: {
    text: 'Set user in the container definition to ContainerUser or to an account of your own that is no administrator.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-21',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  relatedControls: { 'aws-fsbp': ['ECS.21'] },
  evaluate: (family) =>
    judgeContainers(family, (container, path, revision) => {
      if (!revision.windows) return notApplicable('the containers are Linux containers');
      const user = container.user?.trim() ?? '';
      const account = user.split('\\').at(-1)?.toLowerCase() ?? '';
      if (account !== '' && !ADMINISTRATORS.has(account)) return passed();
      return failed(account === '' ? 'no user is set' : 'the user is an administrator', [
        { path: `${path}.user`, observed: container.user ?? null, expected: 'a user other than an administrator' },
      ]);
    }),
});
