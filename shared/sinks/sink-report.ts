import type { SinkReport } from '../domain/ports.ts';
import { plainLine } from './plain-text.ts';

/** Collects what a sink did, so that nothing is lost silently. */
export class SinkReportBuilder {
  readonly #sink: string;
  #published = 0;
  readonly #alerted: string[] = [];
  readonly #partly: { readonly findingId: string; readonly parts: readonly string[] }[] = [];
  readonly #rejected: { findingId: string; code: string; message: string }[] = [];
  readonly #notPublished = new Map<string, { accountId: string; region: string; reason: string; count: number }>();

  constructor(sink: string) {
    this.#sink = sink;
  }

  published(count: number): void {
    this.#published += count;
  }

  alerted(findingId: string): void {
    this.#alerted.push(findingId);
  }

  partly(findingId: string, parts: readonly string[]): void {
    this.#partly.push({ findingId, parts });
  }

  rejected(findingId: string, code: string, message: string): void {
    this.#rejected.push({ findingId, code, message: plainLine(message) });
  }

  notPublished(accountId: string, region: string, reason: string, count: number): void {
    const key = JSON.stringify([accountId, region, reason]);
    const entry = this.#notPublished.get(key) ?? { accountId, region, reason, count: 0 };
    entry.count += count;
    this.#notPublished.set(key, entry);
  }

  build(): SinkReport {
    return {
      sink: this.#sink,
      published: this.#published,
      ...(this.#alerted.length === 0 ? {} : { alerted: this.#alerted }),
      ...(this.#partly.length === 0 ? {} : { partly: this.#partly }),
      rejected: this.#rejected,
      notPublished: [...this.#notPublished.values()],
    };
  }
}
