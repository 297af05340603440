import { defineCheck } from '../../domain/check.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';
import { judgeImages, undecided } from './judge-images.ts';

/** What a later layer removes is still in the earlier one. */
export const imageLayersClean = defineCheck({
  id: 'image-layers-clean',
  title: 'Container images should hold no repositories, environment files, keys and package caches in any layer',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'HIGH',
  severityIndependentOfUse: true,
  rationale: IMAGE_PRACTICES.noSecrets.rationale,
  limits:
    'NOT_APPLICABLE unless layers are looked into (images.layers). Goes by the names of files: what they hold is not read. Of very large images a part is looked at, which is UNKNOWN.',
  remediation: {
    text: 'Name these files in .dockerignore, copy single folders instead of everything, and clean caches in the RUN that fills them. Rotate keys and passwords that were in an image.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html',
  },
  frameworks: { 'nist-800-190': ['4.1.4'] },
  evaluate: (images) =>
    judgeImages(images, ({ layers }, path) =>
      whenKnown(layers, (looked) => {
        if (looked === null) return notApplicable('no layers were looked into');
        const evidence = looked.leftovers.map(({ path: file, kind, layer }) => ({
          path: `${path}.layers[${layer}]`,
          observed: { kind, file },
          expected: 'not in any layer',
        }));
        if (evidence.length === 0) {
          return looked.complete ? passed() : undecided('Not all layers of an image could be looked into.');
        }
        const onlyCaches = looked.leftovers.every(({ kind }) => kind === 'package-cache');
        return onlyCaches
          ? failed('a package cache is left in a layer', evidence, { severity: 'LOW', because: 'it holds no secrets' })
          : failed('a file that does not belong into an image is in a layer', evidence);
      }),
    ),
});
