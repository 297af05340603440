import { VENDOR_IMAGES, VENDOR_IMAGES_VERSION } from './vendor-images.ts';
import { VENDOR_WORKLOADS, VENDOR_WORKLOADS_VERSION } from './vendor-workloads.ts';

/**
 * Something of a vendor that a check passes although it breaks the rule, because its user cannot mend it. Built in,
 * dated and shown, unlike a waiver, which a customer writes and which ends.
 */
export interface Exemption {
  readonly checkId: string;
  readonly what: string;
  readonly because: string;
  /** The date on which the sources were last read. */
  readonly version: string;
  readonly sources: readonly string[];
}

/** All exemptions there are. Each is visible in the evidence of the verdict it leads to. */
export const EXEMPTIONS: readonly Exemption[] = [
  {
    checkId: 'ecs-task-image-trusted-registry',
    what: 'images that AWS publishes for use beside an application',
    because: 'the alias of the repository is given to AWS alone, so that the name proves the publisher',
    version: VENDOR_IMAGES_VERSION,
    sources: [...new Set(VENDOR_IMAGES.map(({ source }) => source))],
  },
  {
    checkId: 'ecs-task-root-filesystem-readonly',
    what: 'the FireLens router of AWS in its init variant',
    because: 'it writes its configuration to the root file system when it starts',
    version: VENDOR_IMAGES_VERSION,
    sources: ['https://github.com/aws/aws-for-fluent-bit/issues/928'],
  },
  {
    checkId: 'workload-image-trusted-registry',
    what: 'images that AWS publishes for use beside an application',
    because: 'the alias of the repository is given to AWS alone, so that the name proves the publisher',
    version: VENDOR_IMAGES_VERSION,
    sources: [...new Set(VENDOR_IMAGES.map(({ source }) => source))],
  },
  ...VENDOR_WORKLOADS.flatMap(({ namespace, kind, names, because, checks, source }) =>
    checks.map((checkId) => ({
      checkId,
      what: names.map((name) => `${namespace}/${kind}/${name}`).join(', '),
      because,
      version: VENDOR_WORKLOADS_VERSION,
      sources: [source],
    })),
  ),
];
