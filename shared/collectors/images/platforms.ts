import type { ImageManifest } from '../../domain/image-content.ts';
import { type Observed, undecidable } from '../../domain/observed.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import { type RepositoryPlace, readManifests } from './manifests.ts';
import type { Target } from './targets.ts';
import type { UsesOfImages } from './uses.ts';

/** One image of one platform, reached directly or through an index. */
export interface PlatformImage extends Target {
  readonly indexDigest?: string;
  readonly manifest: Observed<ImageManifest | null>;
}

interface Child extends Target {
  readonly indexDigest: string;
  /** Whether the index says what it runs on. */
  readonly hasPlatform: boolean;
}

/**
 * Of the newest images those to look at: build caches and other artifacts are pushed under tags like images are (T27).
 *
 * @param most how many
 */
export async function newestImages(
  place: RepositoryPlace,
  newest: readonly Target[],
  most: number,
): Promise<readonly Target[]> {
  if (!place.context.imageSettings.configuration) return newest.slice(0, most);
  const found: Target[] = [];
  for (const target of newest) {
    if (found.length === most) break;
    const manifest = (await readManifests(place, [target.digest])).get(target.digest);
    if (manifest !== undefined && isLookedAt(manifest, false)) found.push(target);
  }
  return found;
}

/**
 * Follows indexes to the images of the platforms that run (T18): of a running index only the architectures its tasks
 * have, where they say; else all of them, because each may run. Attestations, signatures and charts are left out (T26),
 * unless they run.
 *
 * @returns in order of digest, each once
 */
export async function platformsOf(
  place: RepositoryPlace,
  targets: readonly Target[],
  uses: UsesOfImages,
): Promise<readonly PlatformImage[]> {
  if (!place.context.imageSettings.configuration) {
    const manifest = undecidable('Images are not looked into (images.configuration).');
    return targets.map((target) => ({ ...target, manifest }));
  }
  const manifests = await readManifests(place, distinct(targets.map(({ digest }) => digest)));
  const found = new Map<string, PlatformImage>();
  const children: Child[] = [];
  for (const target of targets) {
    const manifest = manifests.get(target.digest);
    if (manifest?.known && manifest.value?.kind === 'index') children.push(...childrenOf(target, manifest.value, uses));
    else if (manifest !== undefined && isLookedAt(manifest, target.running)) {
      found.set(target.digest, { ...target, manifest: runnable(manifest) });
    }
  }
  const missing = children.filter(({ digest }) => !found.has(digest));
  const read = await readManifests(place, distinct(missing.map(({ digest }) => digest)));
  for (const child of missing) {
    const manifest = read.get(child.digest);
    if (manifest === undefined || found.has(child.digest)) continue;
    const { hasPlatform, ...image } = child;
    const isMissing = manifest.known && manifest.value === null && hasPlatform && child.running;
    if (isMissing || isLookedAt(manifest, hasPlatform)) {
      found.set(child.digest, { ...image, manifest: runnable(manifest) });
    }
  }
  return [...found.values()].sort((left, right) => compareCodeUnits(left.digest, right.digest));
}

function childrenOf(
  target: Target,
  { images }: Extract<ImageManifest, { kind: 'index' }>,
  uses: UsesOfImages,
): readonly Child[] {
  const architectures = uses.architecturesOf(target.digest);
  // What an index does not say, or in words that are not known here, a runtime finds out by itself.
  const mayMatch = ({ architecture }: { readonly architecture?: string }) => {
    const name = normalized(architecture);
    return name === undefined || architectures === undefined || architectures.has(name);
  };
  const matching = images.filter(mayMatch);
  return (matching.length > 0 ? matching : images).map(({ digest, architecture }) => ({
    ...target,
    digest,
    isIndex: false,
    indexDigest: target.digest,
    hasPlatform: architecture !== undefined,
  }));
}

/** Charts, signatures and attestations are not, unless a runtime takes them; what is gone meanwhile is not (T88). */
function isLookedAt(manifest: Observed<ImageManifest | null>, isTaken: boolean): boolean {
  if (!manifest.known) return true;
  if (manifest.value === null) return false;
  if (manifest.value.kind === 'index') return manifest.value.images.length > 0;
  return isTaken || (manifest.value.kind === 'image' && manifest.value.refers !== true);
}

/** What runs, or has a platform to run on, is an image: where its manifest is none that is read here, nothing is known. */
function runnable(manifest: Observed<ImageManifest | null>): PlatformImage['manifest'] {
  if (!manifest.known || manifest.value?.kind === 'image') return manifest;
  if (manifest.value === null) return undecidable('The repository does not have an image that an index names.');
  return undecidable(
    manifest.value.kind === 'index'
      ? 'An index stands in an index, which is not followed.'
      : 'What runs is no image of a kind that is known here.',
  );
}

/**
 * The architecture by the name that is usual in images; undefined for what is none that ECS runs on.
 *
 * @see https://github.com/containerd/platforms/blob/main/database.go
 */
function normalized(architecture: string | undefined): string | undefined {
  switch (architecture?.toLowerCase()) {
    case 'amd64':
    case 'x86_64':
    case 'x86-64':
      return 'amd64';
    case 'arm64':
    case 'aarch64':
      return 'arm64';
    case '386':
    case 'arm':
    case 'loong64':
    case 'mips64le':
    case 'ppc64le':
    case 'riscv64':
    case 's390x':
      return architecture?.toLowerCase();
    default:
      return undefined;
  }
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
