import { describe } from 'vitest';
import { networkIngressIsolated } from '#shared/checks/network/network-ingress-isolated.ts';
import { describeIsolation } from '#test/support/network-isolation.ts';

describe('network-ingress-isolated', () => {
  describeIsolation(networkIngressIsolated, 'ingress');
});
