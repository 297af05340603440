/** Markers of a tag that is moved by convention, whatever version stands beside it. */
const MOVED_BY_CONVENTION = new Set(['latest', 'snapshot']);

/** A part that names the distribution or variant an image is built on: its version does not pin the image itself. */
const VARIANT =
  /^(?:alpine|slim|bookworm|bullseye|buster|trixie|stretch|jammy|focal|noble|bionic|debian|ubuntu|ubi|al|amazonlinux|ltsc|nanoserver|windowsservercore|distroless)[\d.]*$/;

/** `1.2`, `v1.2.3`, `8u392`, a build number or a date of three digits and more, a commit, or a generated id. */
const PINS =
  /\d+\.\d+|\d{3}|^g?[0-9a-f]{7,64}$|^(?=(?:[a-z]*\d){2})(?=\d*[a-z])[a-z0-9]{10,}$|^(?:build|run|rev|release|rc|b|r)\d+$/;

/** `build-42`: the number of a build that its tag's own words announce. */
const BUILD_NUMBER = /(?:^|[-_])(?:build|run|rev|release|ci)[-_]\d+(?:$|[-_+])/;
/** `1-2-3`, `2026-11-23`: a version or date whose parts are joined by dashes. */
const DASHED_NUMBERS = /\d+[-_]\d+[-_]\d+/;

/**
 * Whether a tag is one that its publisher moves to new images: `latest`, `stable`, a branch, an environment, a bare
 * variant (`alpine`, `slim`), a bare major version (`20`, `v3`, `20-alpine3.20`), `3.x`, `1.2.3-SNAPSHOT`.
 * A version with a minor part, a build number of three digits and more, a date and a commit are not: those name one
 * release. A tag says only what its name promises; whether it can be moved is the registry's setting.
 */
export function isFloatingTag(tag: string): boolean {
  const lowerCase = tag.toLowerCase();
  const parts = lowerCase.split(/[-_+]/);
  if (parts.some((part) => MOVED_BY_CONVENTION.has(part))) return true;
  if (BUILD_NUMBER.test(lowerCase) || DASHED_NUMBERS.test(lowerCase)) return false;
  return !parts.some((part) => !VARIANT.test(part) && PINS.test(part));
}
