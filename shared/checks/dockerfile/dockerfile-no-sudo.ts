import { defineCheck } from '../../domain/check.ts';
import { failed, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import { installedPackages } from './system-packages.ts';

/** Nobody needs to become root in an image: `USER` says who runs what, and what runs should never. */
export const dockerfileNoSudo = defineCheck({
  id: 'dockerfile-no-sudo',
  title: 'Dockerfiles should not use or install sudo',
  resourceType: 'Dockerfile',
  baseSeverity: 'LOW',
  rationale:
    'With sudo in the image a user that is not root becomes root again, which makes USER worth nothing; it is a set-uid program with a history of vulnerabilities.',
  limits: 'sudo in the base image, or called by scripts that are copied in, is not seen. doas counts as sudo.',
  remediation: {
    text: 'Run what needs root before USER, do not install sudo, and use gosu or setpriv where a program must start as root and lower itself.',
    url: 'https://docs.docker.com/build/building/best-practices/#user',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.2'] },
  evaluate: ({ stages }) =>
    worstOf(
      stages.flatMap(({ instructions }) =>
        instructions.flatMap(({ path, commands }): Verdict[] => {
          const failure = (reason: string) => failed(reason, [{ path, observed: 'sudo', expected: 'no sudo' }]);
          if (commands.some(({ program }) => program === 'sudo')) return [failure('sudo is used')];
          const installs = commands.flatMap(installedPackages);
          return installs.some((name) => /^(?:sudo|doas|opendoas)$/.test(name)) ? [failure('sudo is installed')] : [];
        }),
      ),
      passed(),
    ),
});
