import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import type { Evidence } from '../../domain/verdict.ts';
import { compareVersions } from '../../domain/version.ts';

type Versions = Extract<ResourceByType['AwsEksCluster']['supportedVersions'], { known: true }>['value'];

export type SupportStatus = 'STANDARD_SUPPORT' | 'EXTENDED_SUPPORT' | 'UNSUPPORTED';

export interface VersionSupport {
  readonly status: SupportStatus;
  readonly evidence: readonly Evidence[];
}

const STATUSES: readonly string[] = ['STANDARD_SUPPORT', 'EXTENDED_SUPPORT', 'UNSUPPORTED'] satisfies SupportStatus[];

/**
 * The support a Kubernetes version has, as EKS itself says; no table of versions is kept here. A version older than
 * all that EKS lists is one that EKS no longer knows.
 *
 * @param version `1.34`
 * @param versions what eks:DescribeClusterVersions answered
 * @param expected what the evidence says should be there instead
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
export function supportOf(
  version: string | undefined,
  versions: Versions,
  path: string,
  expected: string,
): Observed<VersionSupport> {
  if (version === undefined) return undecidable('The Kubernetes version was not in the answer of EKS.');
  const entry = versions.find((candidate) => compareVersions(candidate.version, version) === 0);
  const evidence: Evidence[] = [{ path, observed: version, expected }];
  if (entry === undefined) {
    const older = versions.map((candidate) => compareVersions(version, candidate.version));
    const isOlderThanAll = older.length > 0 && older.every((difference) => difference !== undefined && difference < 0);
    return isOlderThanAll
      ? known({ status: 'UNSUPPORTED', evidence })
      : undecidable('EKS does not list the Kubernetes version.');
  }
  if (entry.status === undefined || !STATUSES.includes(entry.status)) {
    return undecidable('EKS gives the Kubernetes version a support status that is not known here.');
  }
  for (const end of ['endOfStandardSupport', 'endOfExtendedSupport'] as const) {
    const date = entry[end];
    if (date !== undefined) evidence.push({ path: `${path}.${end}`, observed: date, expected: null });
  }
  return known({ status: entry.status as SupportStatus, evidence });
}
