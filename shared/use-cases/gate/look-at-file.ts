import type { EcsTaskDefinitionFamily } from '../../collectors/ecs/model.ts';
import { type LintFile, readDocuments } from '../lint/read-documents.ts';
import { imagesOf, lookOf, type SeenTaskDefinition } from './look-at-task-definition.ts';
import type { GateDependencies } from './looking.ts';

/** The task definitions of a file, by the same reading as lint. */
export async function lookAtFile(
  file: LintFile,
  { classify }: Pick<GateDependencies, 'classify'>,
): Promise<SeenTaskDefinition> {
  // The version is that of manifests, which are none of the gate's business.
  const { resources, coverage } = await readDocuments([file], { classify, kubernetesVersion: '1.34' });
  const families = resources
    .map(({ resource }) => resource)
    .filter((resource): resource is EcsTaskDefinitionFamily => resource.type === 'AwsEcsTaskDefinition');
  const gaps = coverage.flatMap((entry) => entry.gaps).map(({ reason }) => reason.replace(/\.$/, ''));
  const types = resources.map(({ resource }) => resource.type);
  const unread = types.length === 0 && gaps.length > 0 ? gaps : [...gaps, ...leftOut(types)];
  return {
    seen: unread.length === 0 ? [] : [{ look: lookOf(file.file, [], unread), resources: [] }],
    families: families.map((family) => ({ name: `${file.file} (${family.family})`, family })),
    images: families.flatMap(({ latestActive }) =>
      latestActive.known && latestActive.value !== null ? imagesOf(latestActive.value) : [],
    ),
  };
}

/** What a file holds besides, or instead: whoever asks about a file asks about all of it. */
function leftOut(types: readonly string[]): readonly string[] {
  const others = [...new Set(types.filter((type) => type !== 'AwsEcsTaskDefinition'))].sort();
  if (others.length > 0) return [`it holds what the gate does not look at (${others.join(', ')})`];
  return types.length === 0 ? ['the file holds no task definition'] : [];
}
