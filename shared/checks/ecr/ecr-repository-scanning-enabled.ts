import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';
import { isAutomatic } from './scan-frequency.ts';

/** Judges the scanning that is in effect, whoever configured it. */
export const ecrRepositoryScanningEnabled = defineCheck({
  id: 'ecr-repository-scanning-enabled',
  title: 'ECR repositories should scan images on push or continuously',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'HIGH',
  rationale: 'Vulnerabilities in images that nobody scans are found by attackers first.',
  limits:
    'Says whether ECR scans; whether it finished on each image is another check, and a scanner outside of AWS is not visible.',
  remediation: {
    text: 'Add a scanning rule with scan on push or continuous scanning to the registry, with the filter * or one that matches the repository. Where the registry has rules, the setting of the repository itself has no effect.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.1.1'], 'aws-fsbp': ['ECR.1'], 'nist-800-190': ['4.1.1'] },
  overlapsWith: ['ECR.1'],
  evaluate: ({ scanning, scanningDecidedBy }) =>
    whenKnown(scanning, ({ frequency }) => {
      const automatic = isAutomatic(frequency);
      if (automatic === undefined) {
        return unknownBecause({ kind: 'undecidable', message: 'The scan frequency is one that is not known here.' });
      }
      if (automatic) return passed();
      const evidence = [{ path: 'scanFrequency', observed: frequency, expected: 'SCAN_ON_PUSH or CONTINUOUS_SCAN' }];
      if (scanningDecidedBy.known && scanningDecidedBy.value === 'registry') {
        return failed('no scanning rule of the registry matches the repository', evidence, {
          severity: 'LOW',
          because:
            'the cause is the scanning rules of the registry, see its finding of ecr-registry-scanning-covers-all',
        });
      }
      return failed('images are not scanned on push', evidence);
    }),
});
