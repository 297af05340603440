import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause } from '../../domain/verdict.ts';
import { judgeRevisions } from './judge-revisions.ts';
import { unlessOnLinux } from './platform.ts';

/** What a managed daemon calls `shared` is the host's namespace, as `host` is elsewhere. */
const HOST = new Set(['host', 'shared']);
/** Sharing among the containers of one task is normal for monitoring sidecars. */
const WITHIN_THE_TASK = new Set(['task', 'none']);

/** Judges the process and the inter-process-communication namespace. */
export const ecsTaskNoHostNamespaces = defineCheck({
  id: 'ecs-task-no-host-namespaces',
  title: 'ECS task definitions should not share the process or IPC namespaces of the host',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  rationale:
    "In the host's process namespace a container sees, signals and may inspect the processes of all other tasks; in its IPC namespace it can read their shared memory.",
  remediation: {
    text: 'Remove pidMode and ipcMode from the task definition, or set them to task where its containers must see one another.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-3',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  relatedControls: { 'aws-fsbp': ['ECS.3'] },
  evaluate: (family) =>
    judgeRevisions(family, (revision) => {
      const elsewhere = unlessOnLinux(revision, 'shared namespaces');
      if (elsewhere) return elsewhere;
      const { pidMode, ipcMode } = revision.definition;
      const modes = [
        { path: 'pidMode', mode: pidMode },
        { path: 'ipcMode', mode: ipcMode },
      ];
      const shared = modes.flatMap(({ path, mode }) =>
        mode !== undefined && HOST.has(mode) ? [{ path, observed: mode, expected: 'task, or not set' }] : [],
      );
      if (shared.length > 0) return failed('a namespace of the host is shared', shared);
      const strange = modes.find(({ mode }) => mode !== undefined && !WITHIN_THE_TASK.has(mode));
      if (strange === undefined) return passed();
      return unknownBecause({
        kind: 'undecidable',
        message: `The ${strange.path} "${strange.mode}" is not known to this version.`,
      });
    }),
});
