import { defineCheck } from '../../domain/check.ts';
import { judgeVulnerabilities } from './judge-vulnerabilities.ts';

/** One finding for a repository, never one for a vulnerability: each of these Inspector reports itself. */
export const imageNoCriticalVulnerabilities = defineCheck({
  id: 'image-no-critical-vulnerabilities',
  title: 'Container images should have no critical vulnerabilities',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'CRITICAL',
  rationale:
    'A critical vulnerability in an image that runs can often be used from the network without a password, and how to is public soon after it is known.',
  limits:
    'Sees what ECR scanning or Inspector finds in the images that run, or in the newest where none is known to. Basic scanning does not say whether there is a fix. Each vulnerability by itself stands in Inspector.',
  remediation: {
    text: 'Rebuild the image on a current base with updated packages, and deploy it. Inspector names the package and the version that has the fix.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  },
  frameworks: { 'nist-800-190': ['4.1.1'] },
  evaluate: (images) =>
    judgeVulnerabilities(images, { groupOf: ({ critical }) => critical, what: 'a critical vulnerability' }),
});
