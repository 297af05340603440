/** What the name of a variable, label or option says about its value. */
export type NameStrength = 'password' | 'secret' | 'key' | 'none';

const PASSWORDS = new Set(['password', 'passwd', 'passphrase', 'pwd', 'pass', 'passcode']);
const SECRETS = new Set(['secret', 'secrets', 'token', 'apikey', 'credential', 'credentials', 'secretkey', 'apitoken']);
/** Words that make a following `key` a secret one. */
const SECRET_KEYS = new Set([
  'access',
  'api',
  'app',
  'auth',
  'encryption',
  'hmac',
  'master',
  'private',
  'secret',
  'service',
  'session',
  'shared',
  'signing',
]);
/** Words that make a following `key` a name or a public half. */
const HARMLESS_KEYS = new Set([
  'public',
  'partition',
  'primary',
  'foreign',
  'sort',
  'cache',
  'object',
  's3',
  'routing',
  // gpg --recv-keys: keys are received by their fingerprints.
  'recv',
  'receive',
]);
/** Words of names that hold the fingerprint of a key by which releases are signed: it is public, the key is elsewhere. */
const SIGNED_RELEASES = new Set(['gpg', 'pgp', 'gnupg', 'openpgp']);
/** A name that ends in one of these says where a secret is, or how it is treated, not what it is. */
const REFERENCES = new Set(
  (
    'name names arn arns id ids path paths file files filename dir directory url uri endpoint host hostname port ttl ' +
    'expiry expiration expires expire timeout length size policy enabled disabled required optional type kind prefix ' +
    'suffix header headers field fields version region provider mode algorithm alg issuer audience manager store mount ' +
    'rotation interval days hours minutes seconds ms count limit max min hash algo ref reference engine format bucket ' +
    'scope scopes parameter env variable lookup location namespace class username user fingerprint fingerprints ' +
    'checksum checksums digest sha sha1 sha256 sha384 sha512 commit revision'
  ).split(' '),
);

/**
 * Judges a name by its words: `DB_PASSWORD`, `dbPassword` and `db.password` are the same. What the last word says
 * wins, so that `DB_SECRET_NAME` and `TOKEN_TTL` are no secrets.
 */
export function nameStrength(name: string): NameStrength {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || REFERENCES.has(last)) return 'none';
  if (words.some((word) => PASSWORDS.has(word) || /(?:password|passwd)$/.test(word))) return 'password';
  if (words.some((word) => SECRETS.has(word) || /(?:secret|apikey)$/.test(word))) return 'secret';
  if (last !== 'key' && last !== 'keys') return 'none';
  const before = words.at(-2);
  if (before !== undefined && SECRET_KEYS.has(before)) return 'secret';
  return before !== undefined && HARMLESS_KEYS.has(before) ? 'none' : 'key';
}

/**
 * Whether a value is the fingerprint of an OpenPGP key, which everybody may know. The official images of python, php,
 * postgres, swift and others have the one their releases are verified by in their environment and build history. Forty
 * hexadecimal digits are many an API key as well; so the name has to speak of OpenPGP, or of nothing but a key, and the
 * digits then have to be capitals, as gpg prints them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4880#section-12.2
 */
export function isPublicFingerprint(name: string, value: string): boolean {
  if (!/^(?:0x)?[\dA-Fa-f]{40}$/.test(value)) return false;
  const words = wordsOf(name);
  if (nameStrength(name) === 'key') {
    return words.some((word) => SIGNED_RELEASES.has(word)) || (words.length === 1 && isInCapitals(value));
  }
  return name === 'SWIFT_SIGNING_KEY' && isInCapitals(value);
}

function isInCapitals(value: string): boolean {
  return !/[a-f]/.test(value);
}

function wordsOf(name: string): readonly string[] {
  return name
    .slice(-200)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}
