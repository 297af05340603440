import type { Evidence } from '../../verdict.ts';
import {
  type ControlVersion,
  contextPath,
  hasUserNamespace,
  ofContainers,
  type PodSecurityControl,
  podContextPath,
} from '../control.ts';

/** Not set is allowed: that no image brings root in is the rule of `runAsNonRoot`. */
const judgeUser: ControlVersion['judge'] = (pod) => [
  ...root(podContextPath(pod, 'runAsUser'), pod.spec.securityContext?.runAsUser),
  ...ofContainers(pod, (container) => root(contextPath(container, 'runAsUser'), container.securityContext?.runAsUser)),
];

/** Nothing asks for user 0. */
export const runAsUser: PodSecurityControl = {
  id: 'runAsUser',
  level: 'restricted',
  versions: [
    { since: 23, judge: judgeUser },
    { since: 35, judge: (pod) => (hasUserNamespace(pod) ? [] : judgeUser(pod)) },
  ],
};

function root(path: string, user: number | undefined): readonly Evidence[] {
  return user === 0 ? [{ path, observed: 0, expected: 'a user other than 0' }] : [];
}
