import type { ResourceByType, ResourceType } from '#shared/domain/resource.ts';
import { taskDefinitionFamily } from '#test/factories/ecs.ts';

/**
 * One minimal resource of each type that follows every practice: what the contract tests vary, and what a new check's
 * first test judges. A new resource type does not compile until it stands here.
 */
export const passingResources = {
  AwsEcsTaskDefinition: () => taskDefinitionFamily(),
} satisfies Partial<{ [T in ResourceType]: () => ResourceByType[T] }>;
