import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';
import { judgeImages, undecided, unseenParts } from './judge-images.ts';

const EXPECTED = 'no compilers and headers';

export const imageNoBuildTools = defineCheck({
  id: 'image-no-build-tools',
  title: 'Container images should not contain build tools',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'Compilers and headers are of no use to a program that is built already. They make images large, bring vulnerabilities of their own, and let an intruder build tools inside.',
  limits:
    'Unless layers are looked into (images.layers), only what the build history installs is seen: that can show that tools are there, never that they are not.',
  remediation: {
    text: 'Build in a stage of its own and copy only the result into the final stage; or install tools, use them and remove them in one RUN.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html',
  },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  evaluate: (images) =>
    judgeImages(images, ({ layers, configuration }, path) => {
      if (layers.known && layers.value !== null && layers.value.buildTools.length > 0) {
        const observed = [...layers.value.buildTools];
        return failed('an image contains build tools', [{ path: `${path}.layers`, observed, expected: EXPECTED }]);
      }
      return whenKnown(configuration, (configured) => {
        const observed = [...new Set((configured.history ?? []).flatMap(({ installs }) => installs))].sort();
        if (observed.length > 0) {
          const evidence = [{ path: `${path}.config.history`, observed, expected: EXPECTED }];
          return failed('the build of an image leaves build tools behind', evidence);
        }
        const [unseen] = unseenParts(configured);
        if (unseen !== undefined) return unseen;
        return whenKnown(layers, (looked) =>
          looked === null
            ? notApplicable('no layers were looked into')
            : looked.complete
              ? passed()
              : undecided('Not all layers of an image could be read.'),
        );
      });
    }),
});
