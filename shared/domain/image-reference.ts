/** An image name as a task definition or Pod gives it, taken apart. */
export interface ImageReference {
  /** Registry host, `docker.io` where none is named. */
  readonly registry: string;
  /** Repository path below the registry, with Docker Hub's implied `library/`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** A private ECR repository, as its host name tells it. */
export interface EcrRepositoryLocation {
  readonly accountId: string;
  readonly region: string;
  readonly repository: string;
}

const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,}$/i;
const TAG = /^[\w][\w.-]{0,127}$/;
const ECR_HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.aws|sc2s\.sgov\.gov|c2s\.ic\.gov)(?::443)?$/;

/**
 * Takes an image name apart the way container runtimes do: the first component is a registry only if it holds a dot or
 * a colon or is `localhost`; a tag is what follows a colon after the last slash.
 *
 * @returns undefined for a text that is no image name (an unresolved template variable, an empty string)
 * @see https://github.com/distribution/reference
 */
export function parseImageReference(image: string): ImageReference | undefined {
  const [name, digest, ...rest] = image.trim().split('@');
  if (!name || rest.length > 0 || (digest !== undefined && !DIGEST.test(digest)) || /[\s${}]/.test(name))
    return undefined;
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  const tag = colon === -1 ? undefined : name.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const path = colon === -1 ? name : name.slice(0, colon);
  const [first = '', ...others] = path.split('/');
  const hasRegistry = others.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first.toLowerCase() : 'docker.io';
  const repository = hasRegistry ? others.join('/') : others.length === 0 ? `library/${first}` : path;
  if (repository === '' || repository === 'library/') return undefined;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest: digest.toLowerCase() }),
  };
}

/**
 * The private ECR repository an image reference points to, or undefined for every other registry.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export function ecrLocationOf(reference: ImageReference): EcrRepositoryLocation | undefined {
  const match = ECR_HOST.exec(reference.registry);
  if (!match?.[1] || !match[2]) return undefined;
  return { accountId: match[1], region: match[2], repository: reference.repository };
}

/** The key under which `running-image` facts are filed: one per ECR repository. */
export function ecrRepositoryKey(location: EcrRepositoryLocation): string {
  return `${location.accountId}/${location.region}/${location.repository}`;
}
