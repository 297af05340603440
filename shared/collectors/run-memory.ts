import type { ContentMemory } from '../domain/ports.ts';

/** Remembers as long as the process lives; in front of another memory it saves that one's calls. */
export class RunMemory implements ContentMemory {
  readonly #texts = new Map<string, string>();
  readonly #behind: ContentMemory | undefined;

  constructor(behind?: ContentMemory) {
    this.#behind = behind;
  }

  async recall(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const missing = keys.filter((key) => !this.#texts.has(key));
    if (this.#behind !== undefined && missing.length > 0) {
      for (const [key, text] of await this.#behind.recall(missing)) this.#texts.set(key, text);
    }
    return new Map(
      keys.flatMap((key) => {
        const text = this.#texts.get(key);
        return text === undefined ? [] : [[key, text] as const];
      }),
    );
  }

  async remember(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const [key, text] of texts) this.#texts.set(key, text);
    await this.#behind?.remember(texts);
  }
}
