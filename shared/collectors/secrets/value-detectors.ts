/** A pattern of a secret that is recognizable by itself, whatever the variable is called. */
interface ValueDetector {
  readonly id: string;
  readonly pattern: RegExp;
  /** Second look at the match: for patterns that also match harmless texts. */
  readonly confirms?: (match: RegExpMatchArray) => boolean;
}

/** AWS's own example credentials, which its documentation prints everywhere. */
const EXAMPLE = /EXAMPLE(?:KEY)?$/;

/**
 * What secretlint's recommended rules do not find, or find only beside a certain name. All patterns are linear:
 * no nested quantifiers, so that hostile texts cannot stall a scan.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 * @see https://docs.stripe.com/keys
 * @see https://datatracker.ietf.org/doc/html/rfc7519
 */
const VALUE_DETECTORS: readonly ValueDetector[] = [
  {
    id: 'aws-access-key-id',
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/,
    confirms: ([match]) => !EXAMPLE.test(match),
  },
  { id: 'private-key', pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/ },
  {
    // The words PRIVATE KEY in Base64, at each of the three offsets they can have.
    id: 'private-key-base64',
    pattern: /LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,40}(?:UFJJVkFURSBLRV|QUklWQVRFIEtFW|BSSVZBVEUgS0VZ)/,
  },
  { id: 'jwt', pattern: /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/ },
  { id: 'stripe-key', pattern: /(?<!\w)(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/ },
  { id: 'stripe-webhook-secret', pattern: /(?<!\w)whsec_[A-Za-z0-9+/=]{24,}/ },
  { id: 'google-api-key', pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/ },
  { id: 'google-oauth-secret', pattern: /(?<![\w-])GOCSPX-[\w-]{28}(?![\w-])/ },
  { id: 'vault-token', pattern: /(?<![\w.])hv[sbr]\.[\w-]{24,}/ },
  { id: 'twilio-api-key', pattern: /(?<!\w)SK[0-9a-f]{32}(?!\w)/ },
  { id: 'mailgun-key', pattern: /(?<![\w-])key-[0-9a-f]{32}(?!\w)/ },
  { id: 'new-relic-key', pattern: /(?<!\w)NRAK-[A-Z0-9]{27}(?!\w)/ },
  { id: 'pypi-token', pattern: /(?<!\w)pypi-AgEI[\w-]{50,}/ },
  { id: 'docker-registry-auth', pattern: /"auth"\s*:\s*"[A-Za-z0-9+/]{16,}={0,2}"/ },
  { id: 'azure-storage-key', pattern: /AccountKey=[A-Za-z0-9+/]{60,}={0,2}/i },
  {
    id: 'sql-connection-string',
    pattern: /;\s*(?:password|pwd)\s*=\s*([^;\s"']{3,})/i,
    confirms: ([, password]) => isReal(password),
  },
  {
    id: 'authorization-header',
    pattern: /(?<!\w)Authorization:\s*(?:Bearer|Basic|Token)\s+([\w.~+/=-]{12,})/i,
    confirms: ([, token]) => isReal(token),
  },
  {
    id: 'url-credentials',
    pattern: /[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#:@'"<>]{0,200}:([^\s/?#@'"]{1,200})@[^\s/?#@'"]/i,
    confirms: ([, password]) => isReal(password),
  },
];

/** The detectors of {@link VALUE_DETECTORS} that recognize something in the text. */
export function findValueDetectors(text: string): readonly string[] {
  if (text.length < 8) return [];
  const found: string[] = [];
  for (const { id, pattern, confirms } of VALUE_DETECTORS) {
    if (confirms === undefined ? pattern.test(text) : matchesConfirmed(text, pattern, confirms)) found.push(id);
  }
  return found;
}

/** Any match counts, not only the first: a placeholder URL may stand before a real one. */
function matchesConfirmed(text: string, pattern: RegExp, confirms: (match: RegExpMatchArray) => boolean): boolean {
  for (const match of text.matchAll(new RegExp(pattern.source, `${pattern.flags}g`))) if (confirms(match)) return true;
  return false;
}

/** A placeholder is filled in at run time: `${DB_PASSWORD}`, `$PASSWORD`, `{{ password }}`, `<password>`, `****`. */
export function isPlaceholder(text: string): boolean {
  return (
    /^\$?\{\{?[^{}]*\}?\}$/.test(text) ||
    /^\$\(?[A-Za-z_]\w*\)?$/.test(text) ||
    /^<[^<>]*>$/.test(text) ||
    /^%[A-Za-z_()]+%?s?$/.test(text) ||
    /^__\w+__$/.test(text) ||
    /^(.)\1*$/.test(text)
  );
}

function isReal(password: string | undefined): boolean {
  return password !== undefined && password !== '' && !isPlaceholder(password);
}
