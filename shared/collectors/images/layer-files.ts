import type { LeftoverKind } from '../../domain/image-layers.ts';

/** Names that are keys and passwords wherever they lie. */
const CREDENTIALS =
  /(?:^|\/)(?:\.aws\/credentials|\.docker\/config\.json|\.dockercfg|\.git-credentials|\.netrc|\.npmrc|\.pgpass|\.pypirc)$/;
const PRIVATE_KEYS =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*(?:priv(?:ate)?[-_.]?key|[-_.]key)\.pem|[^/]+\.(?:p12|pfx|ppk))$/i;
/** Certificates and keys that packages bring for tests and documentation. */
const OF_PACKAGES = /^usr\/(?:share|lib|lib64|include|local\/lib)\//;
const ENVIRONMENT_FILE = /(?:^|\/)\.env(?:\.[^/]+)?$/;
const EXAMPLES = /\.(?:dist|example|sample|template|tmpl|defaults?)$/i;
const CACHES: readonly RegExp[] = [
  /^var\/lib\/apt\/lists\/[^/_]+_[^/]+$/,
  /^var\/cache\/apt\/archives\/[^/]+\.deb$/,
  /^var\/cache\/apk\/[^/]+/,
  /^var\/cache\/(?:yum|dnf|libdnf5)\/.+\.(?:rpm|solv|xml(?:\.gz|\.zst)?)$/,
  /^(?:root|home\/[^/]+)\/\.npm\/_cacache\//,
  /^(?:root|home\/[^/]+)\/\.cache\/(?:pip|yarn|go-build)\//,
];
const BUILD_TOOL = /(?:^|\/)bin\/(gcc|g\+\+|cc|clang|make|cmake|go|cargo|rustc|javac)$/;

/** What a file is that does not belong into an image; undefined for all others. */
export function leftoverKind(path: string): LeftoverKind | undefined {
  if (/(?:^|\/)\.(?:git|svn|hg)\//.test(path)) return 'version-control';
  if (ENVIRONMENT_FILE.test(path) && !EXAMPLES.test(path)) return 'environment-file';
  if (!OF_PACKAGES.test(path) && !path.includes('node_modules/')) {
    if (PRIVATE_KEYS.test(path)) return 'private-key';
    if (CREDENTIALS.test(path)) return 'credentials-file';
  }
  return CACHES.some((cache) => cache.test(path)) ? 'package-cache' : undefined;
}

/** The path by which a leftover is named: a folder of version control once, and not each of its files. */
export function leftoverName(path: string, kind: LeftoverKind): string {
  return kind === 'version-control' ? path.replace(/((?:^|\/)\.(?:git|svn|hg))\/.*$/s, '$1') : path;
}

/** The build tool that a program is. */
export function buildToolAt(path: string): string | undefined {
  return BUILD_TOOL.exec(path)?.[1];
}

/**
 * The distribution that `/etc/os-release` names.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export function distributionIn(text: string): { id: string; version?: string } | undefined {
  const field = (name: string) => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1]?.trim();
  const [id, version] = [field('ID'), field('VERSION_ID')];
  if (!id) return undefined;
  return version ? { id, version } : { id };
}
