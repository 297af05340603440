import type { DescribeImageScanFindingsCommandOutput } from '@aws-sdk/client-ecr';
import type { Vulnerability } from '../../domain/gate.ts';
import { type ScannedVulnerability, vulnerabilitiesIn } from './scan-fold.ts';

/** What stands for those that a scan counts and does not list. */
const NOT_LISTED = 'not listed';

/** Every vulnerability of one image by itself: a scan needs only the sum of them, a policy asks for each (T23). */
export class VulnerabilityList {
  readonly #listed: Vulnerability[] = [];
  #counts: Readonly<Record<string, number>> = {};

  add({ imageScanFindings }: DescribeImageScanFindingsCommandOutput): void {
    this.#listed.push(...vulnerabilitiesIn(imageScanFindings).map(worded));
    // Of enhanced results the service counts the suppressed ones as well.
    if (imageScanFindings?.enhancedFindings === undefined) {
      this.#counts = { ...this.#counts, ...imageScanFindings?.findingSeverityCounts };
    }
  }

  all(): readonly Vulnerability[] {
    const notListed = Object.entries(this.#counts).filter(
      ([severity, count]) => count > this.#listed.filter((one) => one.severity === severity).length,
    );
    return [
      ...this.#listed,
      ...notListed.map(([severity]) => ({ id: NOT_LISTED, severity, fix: undefined, exploit: undefined })),
    ];
  }
}

function worded({ id, severity, fix, exploit, published, firstSeen }: ScannedVulnerability): Vulnerability {
  const since = published ?? firstSeen;
  return { id, severity, fix, exploit, ...(since === undefined ? {} : { since: since.toISOString() }) };
}
