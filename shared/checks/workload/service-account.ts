import type { LoweredSeverity } from '../../domain/verdict.ts';
import type { Workload } from './judge-pods.ts';

/** The mirror of a static pod cannot name a service account, and the kubelet gives it none. */
export const STATIC_POD = 'static pods have no service account';

/**
 * What makes a service account matter less: RBAC gives it nothing beyond what every account may do. Where that is not
 * known, nothing is lowered.
 */
export function withoutRights({ serviceAccount }: Workload): LoweredSeverity | undefined {
  if (!serviceAccount.known || serviceAccount.value === null) return undefined;
  const { rbac } = serviceAccount.value;
  if (!rbac.known || rbac.value.bindings.length > 0) return undefined;
  return { severity: 'LOW', because: 'RBAC gives the service account nothing' };
}
