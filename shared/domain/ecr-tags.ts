import { matchesEverything, matchesWildcard } from './wildcard.ts';

/**
 * A tag that names a release: a version number of at least two parts, with or without `v`, or a name that begins with
 * `release`. Moving such a tag changes what people believe to be fixed.
 */
export function isReleaseTag(tag: string): boolean {
  return /^v?\d+(\.\d+)+([-+._].*)?$/i.test(tag) || /^release[-_.]/i.test(tag);
}

/**
 * A tag that tools keep beside images and move by design: build caches, and signatures, attestations and SBOMs that
 * are found by the digest in their tag.
 *
 * @see https://docs.sigstore.dev/cosign/system_config/specifications/
 */
export function isAuxiliaryTag(tag: string): boolean {
  return isCompanionTag(tag) || /(^|[-_.])(build)?cache($|[-_.])/i.test(tag);
}

/** A tag under which a signature, an attestation or an SBOM is pushed for another image. */
export function isCompanionTag(tag: string): boolean {
  return /^sha256-/.test(tag) || /\.(sig|att|sbom)$/.test(tag);
}

/** Release tags that any naming scheme of versions would sooner or later push. */
const TYPICAL_RELEASE_TAGS = ['v1.2.3', '1.2.3'];

/** Whether an exclusion filter of tag mutability reaches release tags, even before one of them is pushed. */
export function filterReachesReleases(filter: string): boolean {
  return matchesEverything(filter) || TYPICAL_RELEASE_TAGS.some((tag) => matchesWildcard(filter, tag));
}
