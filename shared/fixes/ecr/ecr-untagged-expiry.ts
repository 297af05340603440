import { ECRClient, GetLifecyclePolicyCommand, PutLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import { z } from 'zod';
import { errorName } from '../../aws/errors.ts';
import type { JsonValue } from '../../domain/json.ts';
import { parseJson } from '../../domain/parse-json.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { defineFix, refused, whyUnknown } from '../fix.ts';
import { repositoryNameOf } from './repository-name.ts';

type Repository = ResourceByType['AwsEcrRepository'];

export type LifecycleSettings = {
  /** The rules as they stand in the policy, every member of them; null where the repository has no policy. */
  readonly rules: readonly JsonValue[] | null;
};

/** Long enough for whoever rolls back to an image that has just lost its tag. */
const DAYS = 14;

/** Limits of a lifecycle policy. */
const MAX_RULES = 50;
const MAX_CHARACTERS = 30_720;

/** What has to be known of a rule to put another one beside it. */
const placedRule = z.object({
  rulePriority: z.number().int(),
  selection: z.object({
    tagStatus: z.enum(['tagged', 'untagged', 'any']),
    storageClass: z.enum(['standard', 'archive']).default('standard'),
  }),
});
type PlacedRule = z.infer<typeof placedRule>;

/**
 * Adds one rule that expires untagged images two weeks after they were pushed. The rules that are there stay as they are,
 * with their priorities.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export const ecrUntaggedExpiry = defineFix<'AwsEcrRepository', LifecycleSettings>({
  id: 'ecr-untagged-expiry',
  checks: ['ecr-repository-untagged-expire'],
  resourceType: 'AwsEcrRepository',
  does: `adds a lifecycle rule that expires untagged images after ${DAYS} days`,
  permissions: ['ecr:GetLifecyclePolicy', 'ecr:PutLifecyclePolicy'],
  needsFacts: true,
  nameOf: repositoryNameOf,

  async read(place, { name: repositoryName }) {
    const client = place.clientFor(ECRClient);
    const text = await place.call('ecr:GetLifecyclePolicy', async () => {
      try {
        return (await client.send(new GetLifecyclePolicyCommand({ repositoryName }))).lifecyclePolicyText ?? '';
      } catch (error) {
        if (errorName(error) === 'LifecyclePolicyNotFoundException') return null;
        throw error;
      }
    });
    if (text === null) return { rules: null };
    const { rules } = z.object({ rules: z.array(z.json()) }).parse(parseJson(text));
    return { rules };
  },

  decide({ rules }, { resource, allowUnknownUse }) {
    const danger = dangerFor(resource, allowUnknownUse);
    if (danger !== undefined) return refused(danger);
    const placed = z.array(placedRule).safeParse(rules ?? []);
    if (!placed.success) return refused('The lifecycle policy has a rule of a kind that Hullcheck does not know.');
    if (placed.data.some(selectsUntagged)) {
      return refused(
        'The lifecycle policy moves untagged images to the archive and never deletes them: add a rule by hand that expires them from there.',
      );
    }
    const rulePriority = freePriority(placed.data);
    if (rulePriority === undefined || placed.data.length >= MAX_RULES) {
      return refused('The lifecycle policy has no free priority before its rule for any image: number its rules anew.');
    }
    const wanted = { rules: [...(rules ?? []), ruleOf(rulePriority)] };
    if (JSON.stringify(wanted).length > MAX_CHARACTERS) {
      return refused('The lifecycle policy would become longer than ECR takes: shorten its descriptions.');
    }
    return {
      kind: 'change',
      says: `Adds a lifecycle rule (priority ${rulePriority}) that deletes untagged images ${DAYS} days after they were pushed.`,
      wanted,
    };
  },

  async write(place, { wanted }, { name: repositoryName }) {
    const client = place.clientFor(ECRClient);
    const lifecyclePolicyText = JSON.stringify(wanted);
    await place.call('ecr:PutLifecyclePolicy', () =>
      client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText })),
    );
  },
});

/** A rule of ours deletes: nothing that runs may be among what it takes. */
function dangerFor(repository: Repository, allowUnknownUse: boolean): string | undefined {
  const { images, usesListed, runsUnknownDigest } = repository;
  const unread = whyUnknown(images);
  if (!images.known) return `What the repository holds is not known, and the rule deletes: ${unread}`;
  const running = images.value.running.find(({ present, tags }) => present && tags.length === 0);
  if (running !== undefined) {
    return `The untagged image ${running.digest} runs, and the rule would delete it: tag it, or deploy a tagged image, first.`;
  }
  const { images: count, taggedImages } = images.value;
  if (allowUnknownUse || count === taggedImages) return undefined;
  const why = runsUnknownDigest ? 'The digest of an image that runs was not reported.' : whyUnknown(usesListed);
  return why === undefined
    ? undefined
    : `The repository holds untagged images, and whether one of them runs is not known: ${why} With --allow-unknown-use the command line adds the rule all the same.`;
}

/** One that acts on untagged images of the standard class already; as the check failed, it does not delete them. */
function selectsUntagged({ selection: { tagStatus, storageClass } }: PlacedRule): boolean {
  return storageClass === 'standard' && tagStatus !== 'tagged';
}

/** The first number behind all others, or, as a rule for any image must come last, the largest free one before that. */
function freePriority(rules: readonly PlacedRule[]): number | undefined {
  const taken = new Set(rules.map(({ rulePriority }) => rulePriority));
  const any = rules.filter(({ selection }) => selection.tagStatus === 'any').map(({ rulePriority }) => rulePriority);
  if (any.length === 0) return Math.max(0, ...taken) + 1;
  for (let priority = Math.min(...any) - 1; priority >= 1; priority -= 1) if (!taken.has(priority)) return priority;
  return undefined;
}

function ruleOf(rulePriority: number): JsonValue {
  return {
    rulePriority,
    description: `Untagged images expire after ${DAYS} days (added by Hullcheck)`,
    selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: DAYS },
    action: { type: 'expire' },
  };
}
