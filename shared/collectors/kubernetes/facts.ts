import { parse } from 'yaml';
import { z } from 'zod';
import { ecrLocationOf, ecrRepositoryKey, parseImageReference } from '../../domain/image-reference.ts';
import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { RawObject } from '../../kubernetes/api.ts';
import type { RunningImageFact } from '../ecs/model.ts';
import { present } from '../ecs/present.ts';
import type { ClusterResources } from './cluster-resources.ts';
import type { KubernetesClusterFact } from './model.ts';
import { objectAt } from './pod-identity.ts';
import type { SeenWorkload } from './workloads.ts';

/** What the inside tells about the cluster as a whole. */
export type ClusterAnswers = Pick<
  KubernetesClusterFact,
  'awsAuth' | 'clusterAdminGroups' | 'clusterAdminUsers' | 'networkPolicyEngines'
>;

export function clusterFact(
  context: CollectorContext,
  { cluster }: ClusterResources,
  answers: ClusterAnswers,
): KubernetesClusterFact {
  return { kind: 'kubernetes-cluster', key: cluster.key, ...stated(context), name: cluster.name, ...answers };
}

/**
 * The images of ECR that pods run, by the digests that the kubelet reports and never by their tags (T17): one fact for
 * each repository, digest and workload.
 */
export function runningImageFacts(
  context: CollectorContext,
  workloads: readonly SeenWorkload[],
): readonly RunningImageFact[] {
  const facts = new Map<string, RunningImageFact>();
  for (const { resource, pods } of workloads) {
    for (const { image, digest, setsUser } of pods.flatMap(({ images }) => [...images.values()])) {
      const reference = parseImageReference(image);
      const location = reference === undefined ? undefined : ecrLocationOf(reference);
      if (reference === undefined || location === undefined) continue;
      const runs = digest ?? reference.digest;
      const key = ecrRepositoryKey(location);
      const factKey = [key, runs ?? image, resource.uid].join(' ');
      const earlier = facts.get(factKey);
      const startsAs = setsUser && (earlier === undefined || earlier.startsAs !== undefined);
      facts.set(factKey, {
        kind: 'running-image',
        key,
        ...stated(context),
        image,
        ...(runs === undefined ? {} : { digest: runs }),
        usedBy: resource.uid,
        ...(startsAs ? { startsAs: 'other' as const } : {}),
      });
    }
  }
  return sortedByKey(facts);
}

const mapping = z.object({
  rolearn: z.string().optional(),
  userarn: z.string().optional(),
  username: z.string().optional(),
  groups: z.array(z.string()).nullish(),
});
const mappings = z.array(mapping).nullish();

/**
 * Who `aws-auth` maps to which groups.
 *
 * @param raw null where the ConfigMap does not exist, or the authentication mode does not read it
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html
 */
export function awsAuthOf(raw: Observed<RawObject | null>): KubernetesClusterFact['awsAuth'] {
  if (!raw.known) return raw;
  const { mapRoles, mapUsers } = objectAt(raw.value ?? {}, 'data');
  const read = [mapRoles, mapUsers].map((text) => mappings.safeParse(parsedYaml(text)));
  if (read.some(({ success }) => !success)) return undecidable('The aws-auth ConfigMap does not hold what EKS reads.');
  const all = read
    .flatMap(({ data }) => data ?? [])
    .flatMap(({ rolearn, userarn, username, groups }) => {
      const principalArn = rolearn ?? userarn;
      return principalArn === undefined
        ? []
        : [{ principalArn, groups: [...(groups ?? [])].sort(), ...present('username', username) }];
    });
  return known(all.sort((left, right) => (left.principalArn < right.principalArn ? -1 : 1)));
}

/** Undefined is what no schema of a list takes for one. */
function parsedYaml(text: unknown): unknown {
  if (text === undefined) return null;
  try {
    return parse(String(text), { logLevel: 'silent' });
  } catch {
    // The parser's message quotes the text.
    return text;
  }
}

function stated({ accountId, region, now }: CollectorContext) {
  return { accountId, region, observedAt: now.toISOString() };
}

function sortedByKey<T>(facts: ReadonlyMap<string, T>): readonly T[] {
  return [...facts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, fact]) => fact);
}

/** The same unknown for everything that only the inside tells. */
export function nothingKnown(reason: Observed<never>): ClusterAnswers {
  const none = mapObserved(reason, (value) => value);
  return { awsAuth: none, clusterAdminGroups: none, networkPolicyEngines: none };
}
