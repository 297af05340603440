/** What a file that holds secrets is, as its name says. */
export type SecretFileKind = 'private-key' | 'credentials-file' | 'environment-file';

const ENVIRONMENT = /^(?:\.env(?:\..+)?|\.envrc|.+\.env)$/i;
const PRIVATE_KEY =
  /^(?:(?:id|ssh_host)_(?:rsa|dsa|ecdsa|ed25519)(?:_key)?(?:[._-](?:bak|backup|old|orig))?|.+\.(?:key|p8|p12|pfx|jks|keystore|kdbx|ppk)|(?:.*[._-])?(?:private[._-]?key(?:\..+)?|(?:priv[._-]?)?key\.pem))$/i;
const CREDENTIALS =
  /^(?:\.netrc|\.pypirc|\.pgpass|\.git-credentials|\.htpasswd|\.dockercfg|\.vault-token|kubeconfig|credentials(?:\.json|\.tfrc\.json)?|application_default_credentials\.json|.+\.tfstate(?:\.backup)?)$/i;
/** Names that say something only below a folder. */
const CREDENTIALS_PATH = /(?:^|\/)(?:\.docker\/config\.json|\.kube\/config)$/i;

/** Names that only look so: samples, what packages bring, and what is public. */
const HARMLESS =
  /(?:example|sample|template|tmpl|dist|schema|defaults?|test)$|(?:^|[._-])(?:example|sample|template)[._-]|public|\.pub$|trust[._-]?store|cacerts|snakeoil|licen[cs]e\.key$/i;
/** Public keys by which packages are verified, unless the name says that it is the other half. */
const PUBLIC_HALF = /^(?!.*(?:priv|secret)).*(?:gpg|pgp)[._-]?key$/i;

/** NAME_MAX of Linux. */
const LONGEST_NAME = 255;

/**
 * What a file holds, by its name. Dockerfiles that copy it and layers that have it are judged by the same names.
 *
 * @param path with or without a folder
 * @returns undefined where the name says nothing
 */
export function secretFileKind(path: string): SecretFileKind | undefined {
  if (CREDENTIALS_PATH.test(path)) return 'credentials-file';
  const name = lastPart(path);
  if (name.length > LONGEST_NAME || HARMLESS.test(name) || PUBLIC_HALF.test(name)) return undefined;
  if (ENVIRONMENT.test(name)) return 'environment-file';
  if (PRIVATE_KEY.test(name)) return 'private-key';
  return CREDENTIALS.test(name) ? 'credentials-file' : undefined;
}

/** Whether a path is one of a folder in which programs keep their secrets. */
export function isSecretFolder(path: string): boolean {
  return /^\.(?:ssh|aws|gnupg|kube|docker)$/.test(lastPart(path));
}

/** Whether a path is one of a file that holds settings, among which there may be a token. */
export function mayHoldSecret(path: string): boolean {
  return /^\.(?:npmrc|yarnrc(?:\.yml)?)$/i.test(lastPart(path));
}

function lastPart(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}
