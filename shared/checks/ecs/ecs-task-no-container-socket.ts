import { defineCheck } from '../../domain/check.ts';
import { exposesRuntimeSocket } from '../../domain/host-path.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { hostMountsOf } from './host-paths.ts';
import { judgeRevisions } from './judge-revisions.ts';
import { unlessOnInstances } from './platform.ts';

/** A read-only mount of a socket is no protection: it still takes orders. */
export const ecsTaskNoContainerSocket = defineCheck({
  id: 'ecs-task-no-container-socket',
  title: 'ECS task definitions should not give containers the socket of the container runtime',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'CRITICAL',
  rationale:
    'Who can talk to docker.sock or containerd.sock can start a privileged container and so is root on the instance, with the credentials of every task on it.',
  limits:
    'Mounts of /, /run and /var/run count, because the socket is in them. A proxy in front of the socket under another name is not seen.',
  remediation: {
    text: 'Remove the volume with the socket; read metadata from the ECS task metadata endpoint and collect logs through a log driver or FireLens.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html',
  },
  frameworks: { 'nist-800-190': ['4.5.5'] },
  evaluate: (family) =>
    judgeRevisions(family, (revision) => {
      const elsewhere = unlessOnInstances(revision, 'volumes from the host');
      if (elsewhere) return elsewhere;
      const sockets = hostMountsOf(revision.definition, revision.windows).filter(({ hostPath }) =>
        exposesRuntimeSocket(hostPath),
      );
      if (sockets.length === 0) return passed();
      return failed(
        'the socket of the container runtime is mounted',
        sockets.map(({ path, declared }) => ({ path, observed: declared, expected: 'no container runtime socket' })),
      );
    }),
});
