import { z } from 'zod';
import { ecrLocationOf, type ImageReference, parseImageReference } from './image-reference.ts';
import { isFloatingTag } from './image-tag.ts';
import { VENDOR_IMAGES_VERSION, vendorImageOf } from './vendor-images.ts';
import { failed, passed, unknownBecause, type Verdict } from './verdict.ts';
import { matchesWildcard } from './wildcard.ts';

/** The image of a container and where it stands. */
interface NamedImage {
  /** As written; a container without one has the empty name. */
  readonly image: string;
  /** Evidence path of the image. */
  readonly path: string;
}

/** What the checks of pinned images may be told. */
export const pinnedImageParameters = z.strictObject({
  requireDigest: z.boolean().default(false).describe('Accept only images that are named by their digest.'),
});

/**
 * Whether the name of an image says which image it is: by a digest, or by a tag that names one release.
 *
 * @returns UNKNOWN for what is no image name
 */
export function judgePinned(named: NamedImage, { requireDigest }: z.output<typeof pinnedImageParameters>): Verdict {
  const { image, path } = named;
  return judgeImage(named, ({ tag, digest }, name) => {
    const failure = (reason: string, observed: string, expected: string) =>
      failed(reason, [{ path, observed, expected }]);
    if (digest !== undefined) return passed();
    // The name alone, because the tag changes with every release and the verdict does not.
    if (requireDigest) return failure('the image is not pinned to a digest', name, 'a digest');
    if (tag === undefined)
      return failure('the image has no tag, which means latest', image, 'a version tag or a digest');
    return isFloatingTag(tag) ? failure('the tag is floating', image, 'a version tag or a digest') : passed();
  });
}

/** What the checks of trusted registries may be told. */
export const trustedRegistryParameters = z.strictObject({
  trustedAccounts: z
    .array(z.string().regex(/^\d{12}$/, 'an account id has twelve digits'))
    .default([])
    .describe("Accounts whose private ECR registries are trusted besides the resource's own."),
  trustedRegistries: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Further trusted repositories as registry/repository, where * stands for anything, for example public.ecr.aws/docker/library/*.',
    ),
});

/**
 * Whether an image comes from a registry that somebody vouches for: private ECR of the account itself, what AWS
 * publishes for use beside an application, and what the parameters name. ECR of an account that nobody named may
 * belong to the same organization, so that failure is LOW until `trustedAccounts` says who belongs to it.
 *
 * @param accountId of the resource; no account id where it is not known, as in a document
 * @returns UNKNOWN for what is no image name, and for ECR of some account where the own one is not known
 */
export function judgeTrusted(
  named: NamedImage,
  accountId: string,
  { trustedAccounts, trustedRegistries }: z.output<typeof trustedRegistryParameters>,
): Verdict {
  return judgeImage(named, (reference, name) => {
    const evidence = (expected: string) => [{ path: named.path, observed: name, expected }];
    if (trustedRegistries.some((pattern) => matchesWildcard(pattern, name))) return passed();
    const ecr = ecrLocationOf(reference);
    if (ecr && (ecr.accountId === accountId || trustedAccounts.includes(ecr.accountId))) return passed();
    if (vendorImageOf(reference))
      return passed(
        'an image that AWS publishes is exempt',
        evidence(`exempt: published by AWS (list of ${VENDOR_IMAGES_VERSION})`),
      );
    if (ecr && !/^\d{12}$/.test(accountId))
      return unknownBecause(
        { kind: 'undecidable', message: 'It is not known which account this is, so neither whose registry it is.' },
        evidence('a trusted registry'),
      );
    if (ecr && trustedAccounts.length === 0)
      return failed('the image comes from the registry of another account', evidence('a trusted registry'), {
        severity: 'LOW',
        because: 'the other account may belong to the same organization',
      });
    return failed('the image does not come from a trusted registry', evidence('a trusted registry'));
  });
}

/**
 * Judges an image by the parts of its name; a text that is no image name (a variable that a template left behind) is
 * UNKNOWN.
 *
 * @param judge gets the parts, and the name without tag and digest, which is the same in every release
 */
function judgeImage({ image, path }: NamedImage, judge: (reference: ImageReference, name: string) => Verdict): Verdict {
  const reference = parseImageReference(image);
  if (reference !== undefined) return judge(reference, `${reference.registry}/${reference.repository}`);
  return unknownBecause({ kind: 'undecidable', message: 'The image is no complete image name.' }, [
    { path, observed: shownImage(image), expected: 'an image name' },
  ]);
}

/**
 * An image as findings may tell it. What is no name of one, whatever its variables stand for, may be an address with a
 * password in it.
 */
export function shownImage(image: string): string {
  const filledIn = image.replace(/\$(?:\w{1,100}|\{[\w:.]{1,100}\})/g, 'x');
  return parseImageReference(filledIn) === undefined ? 'no image name' : image;
}
