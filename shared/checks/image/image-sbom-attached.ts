import { defineCheck } from '../../domain/check.ts';
import { failed, passed, whenKnown } from '../../domain/verdict.ts';
import { judgeImages, undecided } from './judge-images.ts';

export const imageSbomAttached = defineCheck({
  id: 'image-sbom-attached',
  title: 'Container images should have a bill of materials attached',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'When the next vulnerability in a library becomes known, a bill of materials answers within minutes which images contain it.',
  limits:
    'Sees what is attached by reference (SPDX, CycloneDX); the attestations that BuildKit puts into an index are not seen.',
  remediation: {
    text: 'Make a bill of materials in the pipeline (for example with Syft or Inspector SBOM Generator) and attach it to the image with oras attach or cosign.',
    url: 'https://docs.aws.amazon.com/inspector/latest/user/sbom-generator.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.5'] },
  evaluate: (images) =>
    judgeImages(images, ({ attachments, tags, indexDigest }, path) =>
      whenKnown(attachments, ({ billsOfMaterials }) => {
        if (billsOfMaterials.length > 0) return passed();
        if (tags.length === 0 && indexDigest === undefined) {
          return undecided('An image without tags may be part of an index, which is what things are attached to.');
        }
        return failed('an image has no bill of materials', [
          { path: `${path}.referrers`, observed: [], expected: 'a bill of materials' },
        ]);
      }),
    ),
});
