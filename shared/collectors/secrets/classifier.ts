import { createHmac, createSecretKey } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClassifiedText, SecretConfidence, SecretDetection } from '../../domain/secret.ts';
import { isHarmlessValue, isRandom } from './harmless-values.ts';
import { isPublicFingerprint, nameStrength } from './secret-names.ts';
import { findSecretlintDetectors } from './secretlint-rules.ts';
import { findValueDetectors } from './value-detectors.ts';

/** Looks at a text under its name and says what kind of secret is in it, without keeping the text. */
export type Classifier = (name: string, text: string) => Promise<ClassifiedText>;

/**
 * `name=value`, `--name value`, `name: value` and `"name":"value"` inside a longer text (a command line, JSON, the query
 * of a URL); a bare colon joins the parts of ARNs and image names and assigns nothing. The value is only looked at, not
 * consumed, because it may hold assignments of its own. What follows a name is looked at first: hostile texts have a
 * hundred names at each place that end nowhere.
 */
const ASSIGNMENT =
  /(?<![\w$.])([A-Za-z_][\w.-]{0,80})(?=["'\s=:])(?:["']?\s*=\s*|["']\s*:\s*|:\s+|(?<=--[\w.-]{1,80})\s+(?!-))(?=["']?([^\s"',;&|]{1,512}))/g;

/** Some tens of milliseconds' work. */
const CHARACTERS_AT_ONCE = 65_536;

/** Counts what is looked at: after each so many characters timers and answers have their turn, whatever a text holds. */
class Turns {
  #characters = 0;

  isOver(characters: number): boolean {
    this.#characters += characters;
    if (this.#characters < CHARACTERS_AT_ONCE) return false;
    this.#characters = 0;
    return true;
  }
}

/**
 * Makes the classifier that stands between what AWS answers and everything that is kept.
 *
 * A detection has confidence `value` when the value itself looks like a secret (a known token format, or random
 * characters under a name that asks for a secret), and `name` when only the name suggests it. References to secrets
 * (ARNs, paths, placeholders), switches, numbers and short words are no secrets.
 *
 * @param hashKey key of the HMAC by which equal texts are recognized; one per deployment, never published
 * @returns a function that throws only Errors without the text
 */
export function createClassifier({ hashKey }: { readonly hashKey: Uint8Array }): Classifier {
  // Made once: bytes would be made into a key again for each of a hundred thousand texts, which takes longer than hashing.
  const key = createSecretKey(hashKey);
  const turns = new Turns();
  return async (name, text) => ({
    detections: await detect(name, text, turns),
    length: text.length,
    keyedHash: createHmac('sha256', key).update(text).digest('hex').slice(0, 16),
  });
}

async function detect(name: string, text: string, turns: Turns): Promise<readonly SecretDetection[]> {
  if (text === '') return [];
  if (turns.isOver(text.length)) await nextTurn();
  const found = new Map<string, SecretConfidence>();
  for (const detector of findValueDetectors(text)) found.set(detector, 'value');
  for (const detector of await findSecretlintDetectors(name, text)) found.set(detector, 'value');
  if (found.size === 0) {
    for (const { innerName, innerText } of assignments(name, text)) {
      if (turns.isOver(innerText.length)) await nextTurn();
      const detection = judge(innerName, innerText);
      if (detection === undefined || found.get(detection.detector) === 'value') continue;
      found.set(detection.detector, detection.confidence);
    }
  }
  return [...found]
    .map(([detector, confidence]) => ({ detector, confidence }))
    .sort((left, right) => (left.detector < right.detector ? -1 : 1));
}

/** The text under its own name, and every assignment inside it under its name there. */
function* assignments(
  name: string,
  text: string,
): Generator<{ readonly innerName: string; readonly innerText: string }> {
  yield { innerName: name, innerText: text };
  for (const [, innerName = '', innerText = ''] of text.matchAll(ASSIGNMENT)) yield { innerName, innerText };
}

function judge(name: string, text: string): SecretDetection | undefined {
  const strength = nameStrength(name);
  if (strength === 'none' || isHarmlessValue(text, strength === 'password')) return undefined;
  if (isPublicFingerprint(name, text)) return undefined;
  if (isRandom(text)) return { detector: 'generic-secret', confidence: 'value' };
  // `key` alone is too common a word (cache keys, sort keys) to say something without a telling value.
  return strength === 'key' ? undefined : { detector: 'secret-name', confidence: 'name' };
}
