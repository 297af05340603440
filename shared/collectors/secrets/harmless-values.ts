import { isPlaceholder } from './value-detectors.ts';

const SWITCHES = new Set(
  'true false yes no on off none null nil undefined empty default enabled disabled required optional auto always never'.split(
    ' ',
  ),
);
/** Passwords that every attacker tries first; short, but not harmless where a password is expected. */
const DEFAULT_PASSWORDS = new Set(['admin', 'root', 'toor', 'pass', 'guest', 'sa']);

/**
 * True for values that are no secrets whatever their variable is called: switches, numbers, references (ARNs, paths,
 * URLs, host names, placeholders) and short words.
 *
 * @param expectsPassword whether the name asks for a password; well-known default passwords then count
 */
export function isHarmlessValue(value: string, expectsPassword: boolean): boolean {
  const text = value.trim();
  const lower = text.toLowerCase();
  if (text === '' || SWITCHES.has(lower) || isPlaceholder(text)) return true;
  if (/^[-+]?\d[\d.,:]*\s?(?:[a-z]{1,5}|%)?$/i.test(text) && text.length <= 16) return true;
  if (/^[a-z]{1,5}$/i.test(text)) return !(expectsPassword && DEFAULT_PASSWORDS.has(lower));
  return isReference(text);
}

function isReference(text: string): boolean {
  return (
    /^arn:[a-z-]+:/.test(text) ||
    /^(?:ssm|secretsmanager|vault|file|env|op|gcp|akv|aws-?sm|k8s|secret|kms)[:/]/i.test(text) ||
    isPath(text) ||
    /^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$/i.test(text) ||
    /^(?:[a-z0-9-]{1,63}\.)+[a-z]{2,}(?::\d{1,5})?(?:\/[\w./-]*)?$/.test(text) ||
    /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+$/.test(text) ||
    /^[\w.-]+\.(?:json|ya?ml|toml|ini|conf|properties|env|pem|crt|cer|key|jks|p12|txt|xml|sh)$/i.test(text)
  );
}

/** Absolute, home or relative paths with readable segments; random characters that hold a slash are none. */
function isPath(text: string): boolean {
  if (/^[A-Za-z]:\\/.test(text)) return true;
  if (!/^(?:~|\.{1,2})?\/[\w.@+/-]*$/.test(text)) return false;
  return text.split('/').every((segment) => !isRandom(segment));
}

/**
 * True for a text that looks drawn from a generator or chosen to be strong: nobody writes it as a name of something.
 * Sixteen characters or more with much entropy, or eight with three kinds of characters that are no words joined by
 * dashes.
 */
export function isRandom(text: string): boolean {
  if (text.length < 8 || /\s/.test(text) || isSlug(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(text)).length;
  if (kinds >= 3) return !/^[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,2}$/.test(text);
  return text.length >= 16 && kinds >= 2 && entropyPerCharacter(text) >= 3;
}

/** Readable parts joined by separators: `prod-db-password-v2`, `my_app/api/2024`. */
function isSlug(text: string): boolean {
  const parts = text.split(/[-_./:]/);
  return parts.every((part) => /^(?:[A-Za-z]{0,20}\d{0,4}|\d{1,8}|v\d+)$/.test(part)) && !/[a-z][A-Z]{2}/.test(text);
}

/** Shannon entropy in bits per character. */
function entropyPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy;
}
