/** What a scalar of YAML stands for. */
export type ScalarValue = string | number | boolean | null;

const TRUE = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSE = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const NULL = new Set(['', '~', 'null', 'Null', 'NULL']);

const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * What kubectl makes of a scalar: it reads YAML with sigs.k8s.io/yaml, which follows YAML 1.1 where 1.2 differs. `yes`
 * and `on` are booleans, `0644` is octal; times and sexagesimal numbers stay texts.
 *
 * @param text the scalar without its quotes
 * @param isPlain whether it has no quotes: only then does it stand for anything but itself
 * @param tag the tag in full, where it has one
 * @see https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
export function scalarValue(text: string, isPlain: boolean, tag: string | undefined): ScalarValue {
  if (tag === undefined ? !isPlain : !RESOLVED_TAGS.has(tag)) return text;
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  if (NULL.has(text)) return null;
  return numberOf(text) ?? text;
}

const RESOLVED_TAGS = new Set(['bool', 'int', 'float', 'null'].map((name) => `tag:yaml.org,2002:${name}`));

function numberOf(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  if (INTEGER.test(digits)) return integerOf(digits);
  return FLOAT.test(digits) ? Number(digits) : undefined;
}

function integerOf(digits: string): number {
  const negative = digits.startsWith('-');
  const unsigned = digits.replace(/^[-+]/, '');
  const value = /^0[0-7]/.test(unsigned) ? Number.parseInt(unsigned, 8) : Number(unsigned);
  return negative && value !== 0 ? -value : value;
}
