import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeConfigurations } from './judge-images.ts';

/** SSH, Telnet, Remote Desktop, WinRM. */
const REMOTE_SHELLS = [22, 23, 2222, 3389, 5985, 5986];

export const imageNoRemoteShellPort = defineCheck({
  id: 'image-no-remote-shell-port',
  title: 'Container images should expose no port for remote administration',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'MEDIUM',
  rationale:
    'A server for SSH, Telnet or Remote Desktop inside a container is one more way in, with keys and passwords of its own, and invites changes that no build knows of.',
  limits: 'Goes by the ports that the image says it exposes; a server that listens without saying so is not seen.',
  remediation: {
    text: 'Take the server out of the image, and use ECS Exec or kubectl exec, which are authorized and logged by AWS or the cluster.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html',
  },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  evaluate: (images) =>
    judgeConfigurations(images, ({ exposedPorts }, path) => {
      const observed = exposedPorts.filter(isRemoteShell);
      if (observed.length === 0) return passed();
      const evidence = [{ path: `${path}.ExposedPorts`, observed, expected: 'no port for remote administration' }];
      return failed('an image exposes a port for remote administration', evidence);
    }),
});

/** `22`, `22/tcp`, `20-25/tcp`. */
function isRemoteShell(exposed: string): boolean {
  const [, first = '', last = first, protocol = 'tcp'] =
    /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(exposed.toLowerCase()) ?? [];
  return (
    protocol === 'tcp' && REMOTE_SHELLS.some((port) => first !== '' && port >= Number(first) && port <= Number(last))
  );
}
