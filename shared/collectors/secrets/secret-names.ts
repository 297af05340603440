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
]);
/** A name that ends in one of these says where a secret is, or how it is treated, not what it is. */
const REFERENCES = new Set(
  (
    'name names arn arns id ids path paths file files filename dir directory url uri endpoint host hostname port ttl ' +
    'expiry expiration expires expire timeout length size policy enabled disabled required optional type kind prefix ' +
    'suffix header headers field fields version region provider mode algorithm alg issuer audience manager store mount ' +
    'rotation interval days hours minutes seconds ms count limit max min hash algo ref reference engine format bucket ' +
    'scope scopes parameter env variable lookup location namespace class username user'
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

function wordsOf(name: string): readonly string[] {
  return name
    .slice(-200)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}
