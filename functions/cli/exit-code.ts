import { isAtLeast, SEVERITIES, type Severity } from '#shared/domain/severity.ts';
import type { ScanResult } from '#shared/use-cases/evaluate-inventory.ts';
import type { ExitCode } from './io.ts';

/**
 * 1 wins over 3: a failure is a failure, whatever else could not be read. The JSON result says both.
 *
 * @param delivered false where something was not published, which leaves the run incomplete
 */
export function exitCodeOf({ header }: ScanResult, threshold: Severity, delivered = true): ExitCode {
  const { failedBySeverity } = header.summary;
  if (SEVERITIES.some((severity) => isAtLeast(severity, threshold) && failedBySeverity[severity] > 0)) return 1;
  return header.complete && delivered ? 0 : 3;
}
