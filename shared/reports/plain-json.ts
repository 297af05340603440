/** Marks that reorder or hide text or are seen as nothing, and line ends that only some readers know. */
const HIDDEN = /[\u007f-\u009f\u2028\u2029\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb<>&]/gu;

/**
 * JSON on one line that is harmless wherever it is shown or put: what would reorder, hide or end a line, or begin a
 * tag, is written as an escape, so that the value stays what it was.
 */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(HIDDEN, (text) =>
    [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
