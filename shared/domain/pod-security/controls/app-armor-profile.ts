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

/** Annotations were the way to set a profile before 1.30, and admission reads them still. */
const ANNOTATION_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';

/** The default profile of AppArmor is not switched off. */
export const appArmorProfile: PodSecurityControl = {
  id: 'appArmorProfile',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: (pod) => [
        ...unconfined(podContextPath(pod, 'appArmorProfile'), pod.spec.securityContext?.appArmorProfile),
        ...ofContainers(pod, (container) =>
          unconfined(contextPath(container, 'appArmorProfile'), container.securityContext?.appArmorProfile),
        ),
        ...annotations(pod),
      ],
    },
  ],
};

function annotations(pod: JudgedPod): readonly Evidence[] {
  return Object.entries(pod.metadata.annotations)
    .filter(([name, value]) => name.startsWith(ANNOTATION_PREFIX) && !isAllowed(value))
    .map(([name, value]) => ({
      path: annotationPath(pod, name),
      observed: value,
      expected: 'runtime/default or localhost/*',
    }));
}

function isAllowed(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}
