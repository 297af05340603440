import { defineCheck } from '../../domain/check.ts';
import { judgeVulnerabilities } from './judge-vulnerabilities.ts';

export const imageNoHighVulnerabilities = defineCheck({
  id: 'image-no-high-vulnerabilities',
  title: 'Container images should have no vulnerabilities of high severity',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'HIGH',
  rationale:
    'Vulnerabilities of high severity in images that run are what attackers combine once they are inside, and rebuilding on a current base removes most of them.',
  limits:
    'Sees what ECR scanning or Inspector finds in the images that run, or in the newest where none is known to. An image that also has a critical vulnerability is one thing to do, and is told by image-no-critical-vulnerabilities.',
  remediation: {
    text: 'Rebuild the image on a current base with updated packages, and deploy it. Inspector names the package and the version that has the fix.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  },
  frameworks: { 'nist-800-190': ['4.1.1'] },
  evaluate: (images) =>
    judgeVulnerabilities(images, {
      groupOf: ({ high }) => high,
      what: 'a vulnerability of high severity',
      lowered: ({ critical }) =>
        critical.count === 0
          ? undefined
          : { severity: 'INFORMATIONAL', because: 'image-no-critical-vulnerabilities reports the same image' },
    }),
});
