import { defineCheck } from '../../domain/check.ts';
import { isUsualSetuid } from '../../domain/image-layers.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';
import { judgeImages, undecided } from './judge-images.ts';

export const imageNoSetuid = defineCheck({
  id: 'image-no-setuid',
  title: 'Container images should contain no programs with set-uid or set-gid',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'LOW',
  rationale:
    'A program with set-uid runs as its owner, mostly root, whoever starts it: a flaw in one makes root of a user without rights.',
  limits:
    'NOT_APPLICABLE unless layers are looked into (images.layers). Programs that distributions bring are INFORMATIONAL. Has no effect where privilege escalation is switched off for the container.',
  remediation: {
    text: 'Take the bit away in the Dockerfile (RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +), or switch privilege escalation off for the container.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.2'] },
  evaluate: (images) =>
    judgeImages(images, ({ layers }, path) =>
      whenKnown(layers, (looked) => {
        if (looked === null) return notApplicable('no layers were looked into');
        if (looked.setuid.length === 0) {
          return looked.complete ? passed() : undecided('Not all layers of an image could be looked into.');
        }
        const evidence = looked.setuid.map(({ path: file, layer }) => ({
          path: `${path}.layers[${layer}]`,
          observed: file,
          expected: 'no set-uid or set-gid',
        }));
        const isUsual = looked.setuid.every(({ path: file }) => isUsualSetuid(file));
        return isUsual
          ? failed('a program of the distribution has set-uid or set-gid', evidence, {
              severity: 'INFORMATIONAL',
              because: 'distributions bring it',
            })
          : failed('a program has set-uid or set-gid', evidence);
      }),
    ),
});
