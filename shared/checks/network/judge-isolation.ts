import type { Direction } from '../../domain/network-isolation.ts';
import { failed, passed, type Verdict } from '../../domain/verdict.ts';
import { judgeWorkloads, type Namespace, settleEnforcement, settleOthers } from './judge-workloads.ts';

/** Whether a policy isolates the pods of every workload in one direction, and something enforces it (T77). */
export function judgeIsolation(namespace: Namespace, direction: Direction): Verdict {
  const byObjects = judgeWorkloads(namespace, direction, ({ workload, rules }) =>
    rules === undefined
      ? failed(`pods are not isolated for ${direction}`, [
          {
            path: workload,
            observed: 'no network policy selects its pods',
            expected: `a policy of type ${TYPE[direction]}`,
          },
        ])
      : passed(),
  );
  return settleEnforcement(settleOthers(byObjects, namespace, direction), namespace);
}

const TYPE = { ingress: 'Ingress', egress: 'Egress' } as const;
