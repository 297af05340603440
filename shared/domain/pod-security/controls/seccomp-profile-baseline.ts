import type { Evidence } from '../../verdict.ts';
import {
  annotationPath,
  contextPath,
  type JudgedPod,
  ofContainers,
  type PodSecurityControl,
  podContextPath,
  unconfined,
} from '../control.ts';

const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';

/** Seccomp is not switched off. Fields took the place of annotations in 1.19. */
export const seccompProfileBaseline: PodSecurityControl = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: (pod) => [
        ...annotation(pod, POD_ANNOTATION),
        ...ofContainers(pod, ({ name }) => annotation(pod, `${CONTAINER_ANNOTATION_PREFIX}${name}`)),
      ],
    },
    {
      since: 19,
      judge: (pod) => [
        ...unconfined(podContextPath(pod, 'seccompProfile'), pod.spec.securityContext?.seccompProfile),
        ...ofContainers(pod, (container) =>
          unconfined(contextPath(container, 'seccompProfile'), container.securityContext?.seccompProfile),
        ),
      ],
    },
  ],
};

function annotation(pod: JudgedPod, name: string): readonly Evidence[] {
  const value = Object.hasOwn(pod.metadata.annotations, name) ? pod.metadata.annotations[name] : undefined;
  if (value === undefined || value === 'runtime/default' || value === 'docker/default') return [];
  if (value.startsWith('localhost/')) return [];
  return [{ path: annotationPath(pod, name), observed: value, expected: 'runtime/default or localhost/*' }];
}
