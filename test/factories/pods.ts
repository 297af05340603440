import type { ContainerSecurityContext, PodContainer, PodSecurityContext, PodSpec } from '#shared/domain/pod-spec.ts';
import { podContainer, podSpec } from './kubernetes.ts';

/** The security context of a container that follows every practice. */
export const HARDENED: ContainerSecurityContext = podContainer().securityContext ?? {};

/** The pod that admission takes as restricted under every version, with another security context. */
export function ofPod(change: Partial<PodSecurityContext>): PodSpec {
  return podSpec({ securityContext: { ...podSpec().securityContext, ...change } });
}

/** The same with another security context of its container. */
export function ofContainer(change: Partial<ContainerSecurityContext>): PodSpec {
  return withContainer({ securityContext: { ...HARDENED, ...change } });
}

/** The same with another container. */
export function withContainer(change: Partial<PodContainer>): PodSpec {
  return podSpec({ containers: [podContainer(change)] });
}

/** The same without some fields of the pod's security context. */
export function without<K extends keyof PodSecurityContext>(...keys: K[]): PodSpec {
  const { ...rest } = podSpec().securityContext ?? {};
  for (const key of keys) delete rest[key];
  return podSpec({ securityContext: rest });
}

/** The same with a volume of some type. */
export function volume(source: string, more: object = {}): PodSpec {
  return podSpec({ volumes: [{ name: 'v', path: 'spec.volumes[0]', sources: [source], tokens: [], ...more }] });
}

/** The same with a kernel parameter. */
export function sysctl(name: string): PodSpec {
  return ofPod({ sysctls: [{ name, value: '1' }] });
}
