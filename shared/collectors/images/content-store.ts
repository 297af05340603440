import type { ContentMemory } from '../../domain/ports.ts';

/**
 * Changes with every change of what is kept of a content, or of how secrets are recognized in it: what was kept before
 * is then read anew.
 */
const VERSION = 4;

/** An item of the ledger holds 400 KB; what is larger is read again each time. */
const MOST_CHARACTERS = 100_000;

/** What was made of contents that their digests name, kept for good. */
export class ContentStore<T> {
  readonly #memory: ContentMemory;
  readonly #prefix: string;

  constructor(memory: ContentMemory, kind: 'manifest' | 'configuration' | 'layer') {
    this.#memory = memory;
    this.#prefix = `${kind}.v${VERSION}:`;
  }

  async recall(digests: readonly string[]): Promise<ReadonlyMap<string, T>> {
    if (digests.length === 0) return new Map();
    const texts = await this.#memory.recall(digests.map((digest) => `${this.#prefix}${digest}`));
    return new Map([...texts].map(([key, text]) => [key.slice(this.#prefix.length), JSON.parse(text) as T]));
  }

  async remember(contents: ReadonlyMap<string, T>): Promise<void> {
    const texts = [...contents]
      .map(([digest, content]) => [`${this.#prefix}${digest}`, JSON.stringify(content)] as const)
      .filter(([, text]) => text.length <= MOST_CHARACTERS);
    if (texts.length > 0) await this.#memory.remember(new Map(texts));
  }
}
