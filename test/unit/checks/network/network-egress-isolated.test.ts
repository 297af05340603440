import { describe } from 'vitest';
import { networkEgressIsolated } from '#shared/checks/network/network-egress-isolated.ts';
import { describeIsolation } from '#test/support/network-isolation.ts';

describe('network-egress-isolated', () => {
  describeIsolation(networkEgressIsolated, 'egress');
});
