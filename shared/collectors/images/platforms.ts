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

/**
 * Follows indexes to the images of the platforms that run (T18): of a running index only the architectures its tasks
 * have, where they say; else all of them, because each may run. Attestations, signatures and charts are left out (T26).
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
  const children: (Target & { readonly indexDigest: string })[] = [];
  for (const target of targets) {
    const manifest = manifests.get(target.digest);
    if (manifest === undefined || (manifest.known && manifest.value === null)) continue;
    if (!manifest.known || manifest.value?.kind === 'image') found.set(target.digest, { ...target, manifest });
    else if (manifest.value?.kind === 'index') children.push(...childrenOf(target, manifest.value, uses));
  }
  const missing = children.filter(({ digest }) => !found.has(digest));
  const read = await readManifests(place, distinct(missing.map(({ digest }) => digest)));
  for (const child of missing) {
    const manifest = read.get(child.digest);
    if (manifest === undefined || found.has(child.digest)) continue;
    if (!manifest.known || manifest.value?.kind === 'image') found.set(child.digest, { ...child, manifest });
  }
  return [...found.values()].sort((left, right) => compareCodeUnits(left.digest, right.digest));
}

function childrenOf(
  target: Target,
  { images }: Extract<ImageManifest, { kind: 'index' }>,
  uses: UsesOfImages,
): readonly (Target & { readonly indexDigest: string })[] {
  const architectures = uses.architecturesOf(target.digest);
  const matching = images.filter(({ architecture }) => architecture !== undefined && architectures?.has(architecture));
  return (matching.length > 0 ? matching : images).map(({ digest }) => ({
    ...target,
    digest,
    isIndex: false,
    indexDigest: target.digest,
  }));
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
