import type { Evidence } from '../../verdict.ts';
import { type ControlVersion, contextPath, ofContainers, type PodSecurityControl, saysWindows } from '../control.ts';

const judgeCapabilities: ControlVersion['judge'] = (pod) =>
  ofContainers(pod, (container) => {
    const { add = [], drop = [] } = container.securityContext?.capabilities ?? {};
    const violations: Evidence[] = [];
    if (!drop.includes('ALL'))
      violations.push({ path: contextPath(container, 'capabilities.drop'), observed: drop, expected: ['ALL'] });
    const others = add.filter((name) => name !== 'NET_BIND_SERVICE');
    if (others.length > 0)
      violations.push({
        path: contextPath(container, 'capabilities.add'),
        observed: others,
        expected: ['NET_BIND_SERVICE'],
      });
    return violations;
  });

const replaces = ['capabilities_baseline'];

/** Each container drops ALL, in these letters, and adds NET_BIND_SERVICE at most. */
export const capabilitiesRestricted: PodSecurityControl = {
  id: 'capabilities_restricted',
  level: 'restricted',
  versions: [
    { since: 22, replaces, judge: judgeCapabilities },
    { since: 25, replaces, judge: (pod) => (saysWindows(pod) ? [] : judgeCapabilities(pod)) },
  ],
};
