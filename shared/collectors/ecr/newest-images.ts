import type { ImageDetail } from '@aws-sdk/client-ecr';
import { compareCodeUnits } from '../../domain/order.ts';
import { isImage, isIndex } from './artifact-kind.ts';
import type { EcrListedImage } from './model.ts';

/** As many as anybody may ask for. */
const KEPT = 5;

/**
 * The newest images of a repository that a scanner can look at: no signatures, charts and archived images, whatever was
 * pushed last (T26, T27, T28). Untagged ones count only where no image has a tag: they lost it to a newer one, or are
 * the children or attestations of an index.
 */
export class NewestImages {
  #tagged: ImageDetail[] = [];
  #untagged: ImageDetail[] = [];

  add(detail: ImageDetail): void {
    if (detail.imageDigest === undefined || !isImage(detail) || (detail.imageStatus ?? 'ACTIVE') !== 'ACTIVE') return;
    if ((detail.imageTags ?? []).length > 0) this.#tagged = newest([...this.#tagged, detail]);
    else this.#untagged = newest([...this.#untagged, detail]);
  }

  /** Newest first. */
  list(): readonly EcrListedImage[] {
    return (this.#tagged.length > 0 ? this.#tagged : this.#untagged).map((detail) => ({
      digest: detail.imageDigest ?? '',
      tags: [...(detail.imageTags ?? [])].sort(compareCodeUnits),
      isIndex: isIndex(detail),
      ...(detail.imagePushedAt === undefined ? {} : { pushedAt: detail.imagePushedAt.toISOString() }),
    }));
  }
}

function newest(details: readonly ImageDetail[]): ImageDetail[] {
  const time = ({ imagePushedAt }: ImageDetail) => imagePushedAt?.getTime() ?? 0;
  return [...details]
    .sort(
      (left, right) => time(right) - time(left) || compareCodeUnits(left.imageDigest ?? '', right.imageDigest ?? ''),
    )
    .slice(0, KEPT);
}
