import { known, type Observed } from '../../domain/observed.ts';
import type { RepositoryPlace } from './manifests.ts';

/** Null where the repository does not have it any more. */
export type SharedRead<T> = Observed<T | null>;

/**
 * Contents that several repositories may have: each is fetched once. What one repository does not give out, the next that
 * has it under the same digest is asked for itself.
 */
export class SharedReads<T> {
  readonly #lastOf = new Map<string, Promise<SharedRead<T>>>();
  readonly #ofRepository = new Map<string, Promise<SharedRead<T>>>();

  has(digest: string): boolean {
    return this.#lastOf.has(digest);
  }

  /** A content that needs no fetching. */
  recalled(digest: string, content: T): void {
    this.#lastOf.set(digest, Promise.resolve(known(content)));
  }

  read(
    { repositoryArn }: RepositoryPlace,
    digest: string,
    fetch: () => Promise<SharedRead<T>>,
  ): Promise<SharedRead<T>> {
    const place = `${repositoryArn} ${digest}`;
    const own = this.#ofRepository.get(place);
    if (own !== undefined) return own;
    const elsewhere = this.#lastOf.get(digest);
    const reading = elsewhere?.then((read) => (read.known && read.value !== null ? read : fetch())) ?? fetch();
    this.#lastOf.set(digest, reading);
    this.#ofRepository.set(place, reading);
    return reading;
  }
}
