import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';

const OFF = new Set(['DISABLED', 'DISABLING', 'SUSPENDED', 'SUSPENDING']);

/** Inspector looks again when a new vulnerability becomes known; a scan on push does not. */
export const inspectorEcrEnabled = defineCheck({
  id: 'inspector-ecr-enabled',
  title: 'Amazon Inspector should scan container images in ECR',
  resourceType: 'InspectorAccount',
  baseSeverity: 'MEDIUM',
  severityNote: 'AWS rates Inspector.2 HIGH; basic scanning still finds what was known when an image was pushed.',
  rationale:
    'Most vulnerabilities of a running image become known after its push. Inspector scans again then, and covers language packages that basic scanning leaves out.',
  remediation: {
    text: 'Activate ECR scanning in Amazon Inspector for the account and region, best from the delegated administrator with automatic activation.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/inspector-controls.html#inspector-2',
  },
  frameworks: { 'aws-fsbp': ['Inspector.2'], 'nist-800-190': ['4.1.1'] },
  relatedControls: { 'cis-eks-1.8.0': ['5.1.1'] },
  overlapsWith: ['Inspector.2'],
  evaluate: ({ ecrScanning }) =>
    whenKnown(ecrScanning, (status) => {
      const evidence = [{ path: 'resourceState.ecr.status', observed: status, expected: 'ENABLED' }];
      if (status === 'ENABLED') return passed();
      if (OFF.has(status)) return failed('Amazon Inspector does not scan container images', evidence);
      const message =
        status === 'ENABLING'
          ? 'Amazon Inspector is being enabled.'
          : 'ECR scanning of Amazon Inspector has a status that Hullcheck does not know.';
      return unknownBecause({ kind: 'undecidable', message }, evidence);
    }),
});
