import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-pods.ts';

/** What runs to its end needs no probe: the end says how it went. */
const RUN_TO_THE_END = ['Job', 'CronJob'];
const PROBES = ['livenessProbe', 'readinessProbe'];

/** Either probe counts: a liveness probe that is copied from the readiness probe does more harm than none. */
export const workloadProbesPresent = defineCheck({
  id: 'workload-probes-present',
  title: 'Kubernetes workloads should have probes for their containers',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'Without a probe Kubernetes takes a process for a service that works: it sends requests to what cannot answer, and rolls a broken release out to the end.',
  limits: 'A readiness or a liveness probe is enough. Whether a probe asks the right thing is not seen.',
  remediation: {
    text: 'Give every container a readinessProbe, and a livenessProbe where a restart would help.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  },
  frameworks: {},
  evaluate: (workload) => {
    if (RUN_TO_THE_END.includes(workload.kind)) return notApplicable('the workload runs to its end');
    return judgeContainers(
      workload,
      ({ path, probes }) =>
        probes.some(({ field, kind }) => kind !== undefined && PROBES.includes(field))
          ? passed()
          : failed('a container has no probe', [
              { path: `${path}.readinessProbe`, observed: null, expected: 'a readiness or liveness probe' },
            ]),
      ['containers'],
    );
  },
});
