import type { FrameworkRequirement } from '../../domain/framework.ts';

export const network: readonly FrameworkRequirement[] = [
  {
    id: 'network/isolated',
    title: 'Pods accept and open only the connections that are named',
    checks: [
      'network-ingress-isolated',
      'network-egress-isolated',
      'network-no-open-ingress',
      'network-no-open-egress',
      'network-rules-name-ports',
    ],
  },
  {
    id: 'network/dns',
    title: 'DNS stays reachable where egress is isolated',
    checks: ['network-egress-dns-allowed'],
  },
  {
    id: 'network/enforced',
    title: 'Something enforces the network policies',
    checks: ['eks-cluster-network-policy-enforced'],
  },
  {
    id: 'network/selecting',
    title: 'Network policies select pods that exist',
    checks: ['network-policy-selects-something'],
  },
  {
    id: 'network/metadata',
    title: 'Pods do not reach the metadata service of their node',
    checks: ['network-egress-imds-blocked'],
  },
  {
    id: 'network/public',
    title: 'Services are not open to the internet by accident, and ingresses encrypt',
    checks: ['network-service-not-public', 'network-ingress-encrypted'],
  },
];
