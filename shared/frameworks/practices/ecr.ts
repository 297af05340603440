import type { FrameworkRequirement } from '../../domain/framework.ts';

export const ecr: readonly FrameworkRequirement[] = [
  {
    id: 'ecr/immutable-tags',
    title: 'Tags in repositories cannot be moved',
    checks: ['ecr-repository-tags-immutable'],
  },
  {
    id: 'ecr/scan-on-push',
    title: 'Images are scanned when they are pushed',
    checks: ['ecr-repository-scanning-enabled'],
    related: ['ecr-registry-scanning-covers-all'],
  },
  {
    id: 'ecr/customer-key',
    title: 'Repositories are encrypted with a key of the customer',
    checks: ['ecr-repository-customer-key'],
  },
  {
    id: 'ecr/lifecycle',
    title: 'The number of images is bounded, and untagged ones expire',
    checks: ['ecr-repository-lifecycle-policy', 'ecr-repository-untagged-expire'],
    related: ['ecr-repository-lifecycle-spares-in-use'],
  },
  {
    id: 'ecr/gate',
    title: 'Images with critical vulnerabilities are not deployed',
    related: ['ecs-service-gate-attached', 'cluster-admission-images-verified'],
  },
  {
    id: 'ecr/access',
    title: 'Nobody outside reads or writes repositories',
    checks: ['ecr-repository-not-public', 'ecr-registry-policy-not-public', 'ecr-repository-no-foreign-push'],
  },
  {
    id: 'ecr/templates',
    title: 'Repositories are born with these settings',
    checks: ['ecr-creation-template-hardened'],
  },
  {
    id: 'ecr/signing',
    title: 'The registry signs what is pushed',
    note: 'asked only where signing.expected is set',
    checks: ['ecr-registry-signing-configured'],
  },
];
