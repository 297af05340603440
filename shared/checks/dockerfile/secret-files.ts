/** Files that hold nothing but secrets, by their names. */
const SECRET_FILE =
  /^(?:\.env(?:\..+)?|\.netrc|\.pypirc|\.pgpass|\.git-credentials|\.htpasswd|\.dockercfg|\.ssh|\.aws|\.gnupg|\.kube|kubeconfig|id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.json)?|.+\.(?:key|p12|pfx|jks|keystore|kdbx|tfstate)|(?:.*[._-])?private[._-]?key(?:\..+)?|key\.pem|privkey\.pem)$/i;

/** Names that only look so: samples, and halves that are public. */
const HARMLESS = /(?:example|sample|template|dist|schema|defaults?|test)$|public|\.pub$/i;

/** Whether a path is one of a file or folder that holds secrets, as its name says. */
export function isSecretFile(path: string): boolean {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const isDockerLogin = /(?:^|\/)\.docker(?:\/config\.json)?$/.test(path);
  return isDockerLogin || (SECRET_FILE.test(name.replace(/\*$/, '')) && !HARMLESS.test(name));
}

/** Whether a path is one of a file that holds settings, among which there may be a token. */
export function mayHoldSecret(path: string): boolean {
  return /(?:^|\/)\.(?:npmrc|yarnrc(?:\.yml)?)\*?$/i.test(path);
}
