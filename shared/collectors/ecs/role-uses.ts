import type { CollectorContext } from '../../domain/ports.ts';
import type { RoleUseFact } from '../iam/model.ts';
import type { EcsTaskDefinitionFamily, EcsTaskDefinitionRevision } from './model.ts';

/** The roles of a family: of the revisions in use, else of the latest active one. */
export interface FamilyRoles {
  readonly facts: readonly RoleUseFact[];
  /** False where a revision could not be read, which may name another role. */
  readonly complete: boolean;
}

/** Which roles the tasks of a family get, and the agent that starts them. */
export function roleUsesOf(context: CollectorContext, family: EcsTaskDefinitionFamily): FamilyRoles {
  const inUse = family.revisionsInUse.map(({ definition }) => definition);
  const judged = inUse.length > 0 ? inUse : [family.latestActive];
  const revisions = judged.flatMap((definition) =>
    definition.known && definition.value !== null ? [definition.value] : [],
  );
  const facts = revisions.flatMap((revision) => [
    ...factOf(context, family, 'ecs-task', revision.taskRoleArn),
    ...factOf(context, family, 'ecs-execution', revision.executionRoleArn, secretsOf(revision)),
  ]);
  const byText = new Map(facts.map((fact) => [JSON.stringify(fact), fact]));
  return { facts: [...byText.values()], complete: judged.every(({ known }) => known) };
}

function factOf(
  { accountId, region, partition, now }: CollectorContext,
  { uid }: EcsTaskDefinitionFamily,
  use: 'ecs-task' | 'ecs-execution',
  role: string | undefined,
  secrets: readonly string[] = [],
): readonly RoleUseFact[] {
  if (role === undefined || role === '') return [];
  // A role may be registered by its name alone.
  const key = role.startsWith('arn:') ? role : `arn:${partition}:iam::${accountId}:role/${role}`;
  return [
    {
      kind: 'role-use',
      key,
      accountId,
      region,
      observedAt: now.toISOString(),
      use,
      user: uid,
      ...(secrets.length === 0 ? {} : { secrets }),
    },
  ];
}

function secretsOf({ containers }: EcsTaskDefinitionRevision): readonly string[] {
  return [...new Set(containers.flatMap(({ secrets }) => secrets.map(({ valueFrom }) => valueFrom)))].sort();
}
