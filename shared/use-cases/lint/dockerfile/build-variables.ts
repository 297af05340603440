/** Values of variables by name; a name without a value is one that only the build gives. */
export type Variables = ReadonlyMap<string, string>;

/** `\$`, `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}` and the forms without a colon. */
const REFERENCE = /\\\$|\$(?:(\w+)|\{(\w+)(?::?([-+])([^{}]*))?\})/g;

/**
 * Puts values in place of variables. What has no value stays as it is written, with its dollar sign, so that whoever reads
 * it sees that it is not known.
 *
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expand(text: string, variables: Variables): string {
  return text.replace(REFERENCE, (whole: string, bare?: string, braced?: string, operator?: string, word = '') => {
    const name = bare ?? braced;
    if (name === undefined) return whole;
    const value = variables.get(name);
    if (operator === '+') return value === undefined || value === '' ? whole : word;
    if (operator === '-') return value === undefined || value === '' ? word : value;
    return value ?? whole;
  });
}

/** Whether a text still has a variable in it. */
export function hasVariable(text: string): boolean {
  return /\$(?:\w|\{)/.test(text);
}
