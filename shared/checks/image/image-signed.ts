import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { type ContainerImage, judgeImages, undecided } from './judge-images.ts';

const parameters = z.strictObject({
  trustedPublishers: z
    .array(z.string().min(1))
    .default([])
    .describe('ARNs of AWS Signer profiles, of which one must have signed; images must be signed where there is one.'),
});

export const imageSigned = defineCheck({
  id: 'image-signed',
  title: 'Container images should be signed',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'MEDIUM',
  rationale:
    'Without a signature nobody can tell whether an image came out of the own pipeline or was pushed by someone who stole a password.',
  limits:
    'NOT_APPLICABLE until the registry signs what is pushed to the repository, or trustedPublishers is set. Sees that a signature is there; it is verified only where it is checked at deployment. Signatures that cosign keeps under a tag (sha256-….sig) and not as a referrer are not seen.',
  remediation: {
    text: 'Let ECR sign what is pushed (a signing configuration of the registry), or sign in the pipeline with Notation or cosign; then push the image again.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-signing.html',
  },
  frameworks: { 'nist-800-190': ['4.1.5'] },
  parameters,
  evaluate: (resource, { parameters: { trustedPublishers } }) => {
    const { signsOnPush } = resource;
    if (trustedPublishers.length === 0) {
      if (!signsOnPush.known) return unknownBecause(signsOnPush.reason);
      if (!signsOnPush.value) return notApplicable('nothing says that images are to be signed');
    }
    return judgeImages(resource, (image, path) => judgeSignatures(image, `${path}.signatures`, trustedPublishers));
  },
});

function judgeSignatures(
  { attachments, signing, tags, indexDigest }: ContainerImage,
  path: string,
  trusted: readonly string[],
): Verdict {
  const complete = (signing.known ? (signing.value ?? []) : []).filter(({ status }) => status === 'COMPLETE');
  if (complete.some(({ profileArn }) => trusted.length === 0 || trusted.includes(profileArn))) return passed();
  return whenKnown(attachments, ({ signatures }) => {
    if (signatures.length > 0) {
      return trusted.length === 0
        ? passed('a signature is attached; who made it was not verified')
        : undecided('A signature is attached, but who made it is not known.');
    }
    return whenKnown(signing, (statuses) => {
      if ((statuses ?? []).some(({ status }) => status === 'IN_PROGRESS'))
        return undecided('An image is being signed.');
      // The signature may hang on the index that the image is part of.
      if (tags.length === 0 && indexDigest === undefined) {
        return undecided('An image without tags may be part of an index, which is what is signed.');
      }
      const observed = [...new Set((statuses ?? []).map(({ status }) => status))];
      return failed('an image is not signed', [{ path, observed, expected: 'a signature' }]);
    });
  });
}
