import type { CommonSecurityContext } from '../../pod-spec.ts';
import type { Evidence } from '../../verdict.ts';
import { type ControlVersion, contextPath, ofContainers, type PodSecurityControl, podContextPath } from '../control.ts';

const TYPES = ['container_t', 'container_init_t', 'container_kvm_t'];
const TYPES_1_31 = [...TYPES, 'container_engine_t'];

/** Containers keep an SELinux type for containers, and no user or role of their own. The level is free. */
export const seLinuxOptions: PodSecurityControl = {
  id: 'seLinuxOptions',
  level: 'baseline',
  versions: [
    { since: 0, judge: judgeWith(TYPES) },
    { since: 31, judge: judgeWith(TYPES_1_31) },
  ],
};

function judgeWith(types: readonly string[]): ControlVersion['judge'] {
  return (pod) => [
    ...options(podContextPath(pod, 'seLinuxOptions'), pod.spec.securityContext?.seLinuxOptions, types),
    ...ofContainers(pod, (container) =>
      options(contextPath(container, 'seLinuxOptions'), container.securityContext?.seLinuxOptions, types),
    ),
  ];
}

function options(
  path: string,
  { type = '', user = '', role = '' }: NonNullable<CommonSecurityContext['seLinuxOptions']> = {},
  types: readonly string[],
): readonly Evidence[] {
  const violations: Evidence[] = [];
  if (type !== '' && !types.includes(type)) violations.push({ path: `${path}.type`, observed: type, expected: types });
  if (user !== '') violations.push({ path: `${path}.user`, observed: user, expected: 'not set' });
  if (role !== '') violations.push({ path: `${path}.role`, observed: role, expected: 'not set' });
  return violations;
}
