/** Values of variables by name; a name without a value is one that only the build gives. */
export type Variables = ReadonlyMap<string, string>;

/** `\$`, `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}` and the forms without a colon. */
const REFERENCE = /\\\$|\$(?:(\w+)|\{(\w+)(?::?([-+])([^{}]*))?\})/g;

/** What a line may have for BuildKit; and for the whole file a hundred times as much, because each value is kept. */
const MOST_OF_A_TEXT = 65_535;
const MOST_OF_A_FILE = 100 * MOST_OF_A_TEXT;

/** Puts values in place of the variables of one file. Twenty lines can double a value until no computer holds it. */
export class Expander {
  #left = MOST_OF_A_FILE;

  /**
   * Puts values in place of variables. What has no value, or one that nobody can hold, stays as it is written, with its
   * dollar sign, so that whoever reads it sees that it is not known.
   *
   * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
   */
  expand(text: string, variables: Variables): string {
    let length = text.length;
    return text.replace(REFERENCE, (whole: string, bare?: string, braced?: string, operator?: string, word = '') => {
      const name = bare ?? braced;
      // A dollar sign that is escaped names none.
      if (name === undefined) return whole;
      const value = resolved(variables.get(name), operator, word) ?? whole;
      const longer = value.length - whole.length;
      if (length + longer > MOST_OF_A_TEXT || value.length > this.#left) return whole;
      length += longer;
      this.#left -= value.length;
      return value;
    });
  }
}

/** Undefined where it is not known. */
function resolved(value: string | undefined, operator: string | undefined, word: string): string | undefined {
  const isGiven = value !== undefined && value !== '';
  if (operator === '+') return isGiven ? word : undefined;
  return operator === '-' && !isGiven ? word : value;
}

/** Whether a text still has a variable in it. */
export function hasVariable(text: string): boolean {
  return /\$(?:\w|\{)/.test(text);
}
