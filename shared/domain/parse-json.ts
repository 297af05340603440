/**
 * Parses JSON that came from outside for a schema to judge.
 *
 * @returns undefined for a text that is not JSON, which no schema of an object accepts
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not an error here: the schema refuses undefined, and the caller gives one reason for everything it cannot read.
    return undefined;
  }
}
