import { withoutUndefined } from '../eks/without-undefined.ts';
import { withholdSecretValues } from '../secrets/tag-values.ts';
import type { PodSecurityLabels } from './model.ts';
import type { Classify } from './raw-fields.ts';
import { type ObjectMetadata, readMetadata, sorted } from './read-metadata.ts';

/** A Namespace: its labels, and what they tell Pod Security admission. */
export interface NamespaceObject {
  readonly metadata: ObjectMetadata;
  readonly labels: Readonly<Record<string, string>>;
  readonly podSecurity: PodSecurityLabels;
}

/**
 * A Namespace. The label with its name, by which policies select it, is filled in as the API server does.
 *
 * @throws WrongTypeError where the API server would not decode it, and what `classify` throws
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
 */
export async function readNamespace(raw: unknown, classify: Classify): Promise<NamespaceObject> {
  const metadata = readMetadata(raw);
  const label = (name: string) => metadata.labels[`pod-security.kubernetes.io/${name}`];
  return {
    metadata,
    labels: await withholdSecretValues(
      sorted({ ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }),
      classify,
    ),
    podSecurity: withoutUndefined({
      enforce: label('enforce'),
      enforceVersion: label('enforce-version'),
      warn: label('warn'),
      audit: label('audit'),
    }),
  };
}
