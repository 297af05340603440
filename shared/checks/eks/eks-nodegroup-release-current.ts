import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { type Evidence, failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { judgeAmis } from './judge-nodes.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The date at the end of `1.34.2-20251101` and of `1.34-2025.11.12`. */
const RELEASE_DATE = /-(\d{4})\.?(\d{2})\.?(\d{2})$/;

/** Nodes are patched by being replaced with ones of a newer image. */
export const eksNodegroupReleaseCurrent = defineCheck({
  id: 'eks-nodegroup-release-current',
  title: 'EKS node groups should run a recent release of their machine image',
  resourceType: 'AwsEksNodegroup',
  baseSeverity: 'MEDIUM',
  rationale:
    'Nodes keep the kernel, kubelet and container runtime of the image they were started from: an old release is the sum of all that was mended since.',
  limits:
    'Bottlerocket releases and images of your own carry no date: there the creation date of the images that run is judged. Packages updated on a running node are not seen.',
  remediation: {
    text: 'Update the node group to the latest release of its image, and automate it, for example on the notifications AWS publishes for new images.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html',
  },
  frameworks: { 'nist-800-190': ['4.4.1', '4.5.3'] },
  parameters: z.strictObject({
    maxAgeDays: z.number().int().positive().default(90).describe('How many days old a release may be.'),
  }),
  evaluate: (nodegroup, { now, parameters }) => {
    const oldest = new Date(now.getTime() - parameters.maxAgeDays * DAY_MS);
    const expected = `released in the last ${parameters.maxAgeDays} days`;
    return whenKnown(nodegroup.configuration, (configuration) => {
      const releaseVersion = configuration?.releaseVersion;
      const released = releaseDateOf(releaseVersion);
      if (released !== undefined) {
        const evidence = { path: 'releaseVersion', observed: releaseVersion ?? null, expected };
        return judgeDate(released, oldest, evidence);
      }
      return judgeAmis(nodegroup, ({ createdAt }, path) => {
        const evidence = { path: `${path}.creationDate`, observed: createdAt ?? null, expected };
        return judgeDate(new Date(createdAt ?? Number.NaN), oldest, evidence);
      });
    });
  },
});

function judgeDate(released: Date, oldest: Date, evidence: Evidence): Verdict {
  if (Number.isNaN(released.getTime())) {
    return unknownBecause({ kind: 'undecidable', message: 'The release date of a machine image is not known.' }, [
      evidence,
    ]);
  }
  return released >= oldest ? passed() : failed('the release of the machine image is old', [evidence]);
}

/** Undefined where the release carries no date, or none that exists. */
function releaseDateOf(releaseVersion: string | undefined): Date | undefined {
  const match = RELEASE_DATE.exec(releaseVersion ?? '');
  if (match === null) return undefined;
  const [, year, month, day] = match;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
