import type { CommonSecurityContext } from '../../pod-spec.ts';
import type { Evidence } from '../../verdict.ts';
import { contextPath, ofContainers, type PodSecurityControl, podContextPath } from '../control.ts';

const FIELD = 'windowsOptions.hostProcess';

/** No container is a process of a Windows host. */
export const windowsHostProcess: PodSecurityControl = {
  id: 'windowsHostProcess',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: (pod) => [
        ...hostProcess(podContextPath(pod, FIELD), pod.spec.securityContext),
        ...ofContainers(pod, (container) => hostProcess(contextPath(container, FIELD), container.securityContext)),
      ],
    },
  ],
};

function hostProcess(path: string, context: CommonSecurityContext | undefined): readonly Evidence[] {
  return context?.windowsOptions?.hostProcess === true ? [{ path, observed: true, expected: false }] : [];
}
