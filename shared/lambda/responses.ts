import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ResponseRecord } from '../domain/response.ts';
import type { RespondDependencies } from '../use-cases/respond.ts';
import type { LambdaApp } from './composition-root.ts';

/** What the function that fixes has of its own: the right to change things, and a place for evidence. */
export async function responsesIn(
  app: LambdaApp,
): Promise<Pick<RespondDependencies, 'responderFor' | 'keep' | 'pause'>> {
  const bucket = await app.reportBucket();
  return {
    responderFor: await app.responders(),
    keep: (record) => bucket.write(keyOf(record), oneChunk(`${JSON.stringify(record)}\n`)),
    pause: async (milliseconds) => {
      await sleep(milliseconds);
    },
  };
}

/** One object for each request and finding: what was to be done is its first version, what was done its last. */
function keyOf({ at, findingId }: ResponseRecord): string {
  const finding = bytesToHex(sha256(utf8ToBytes(findingId))).slice(0, 16);
  return `responses/${at.slice(0, 10)}/${at.replaceAll(/[:.]/g, '-')}-${finding}.json`;
}

async function* oneChunk(text: string): AsyncGenerator<string> {
  yield text;
}
