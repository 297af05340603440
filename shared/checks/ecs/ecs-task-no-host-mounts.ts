import { defineCheck } from '../../domain/check.ts';
import { isHarmlessReadOnly, isHostSystemPath, isKernelView, isRuntimeSocket } from '../../domain/host-path.ts';
import { type Failed, failed, passed, worstOf } from '../../domain/verdict.ts';
import { type HostMount, hostMountsOf } from './host-paths.ts';
import { judgeRevisions } from './judge-revisions.ts';
import { unlessOnInstances } from './platform.ts';

/**
 * What a container mounts, it can read, and mostly write. Reading alone is milder, and reading /proc and /sys is what
 * monitoring agents do; both still fail, because no name or image proves that it is one.
 */
export const ecsTaskNoHostMounts = defineCheck({
  id: 'ecs-task-no-host-mounts',
  title: 'ECS task definitions should not mount system directories of the host',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  rationale:
    'A container that writes to /etc, /usr or another system directory of its instance owns the instance; one that reads them finds keys, credentials and the data of other tasks.',
  limits:
    'Directories that applications use (/data, /mnt, /var/lib/<application>, /var/log) pass. Host paths in the driver options of Docker volumes are not seen. A mount of a container runtime socket alone is reported by ecs-task-no-container-socket.',
  remediation: {
    text: 'Remove the host volume, or mount a directory that belongs to the application alone; use EFS, EBS or Docker volumes for data that must outlive the task.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html',
  },
  frameworks: { 'nist-800-190': ['4.5.5'] },
  evaluate: (family) =>
    judgeRevisions(family, (revision) => {
      const elsewhere = unlessOnInstances(revision, 'volumes from the host');
      if (elsewhere) return elsewhere;
      const mounts = hostMountsOf(revision.definition, revision.windows).filter(
        ({ hostPath, readOnly }) =>
          isHostSystemPath(hostPath) && !isRuntimeSocket(hostPath) && !(readOnly && isHarmlessReadOnly(hostPath)),
      );
      return worstOf(mounts.map(failure), passed());
    }),
});

function failure(mount: HostMount): Failed {
  const { path, declared, readOnly } = mount;
  const evidence = [
    { path, observed: readOnly ? `${declared} (read-only)` : declared, expected: 'no system directory of the host' },
  ];
  const reason = 'a system directory of the host is mounted';
  if (!readOnly) return failed(reason, evidence);
  return isKernelView(mount.hostPath)
    ? failed(reason, evidence, { severity: 'LOW', because: 'only /proc or /sys, and read-only' })
    : failed(reason, evidence, { severity: 'MEDIUM', because: 'mounted read-only' });
}
