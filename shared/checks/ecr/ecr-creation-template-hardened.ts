import { defineCheck } from '../../domain/check.ts';
import { expiresSomeTagged } from '../../domain/ecr-lifecycle.ts';
import { filterReachesReleases } from '../../domain/ecr-tags.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import {
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';

type Template = Extract<ResourceByType['EcrRegistry']['creationTemplates'], { known: true }>['value'][number];

/** Templates decide what repositories look like that nobody creates by hand. */
export const ecrCreationTemplateHardened = defineCheck({
  id: 'ecr-creation-template-hardened',
  title: 'ECR repository creation templates should create immutable repositories with a lifecycle policy',
  resourceType: 'EcrRegistry',
  baseSeverity: 'LOW',
  rationale:
    'Repositories that ECR creates for replication, pull-through caches or a first push take their settings from a template: a lax template makes lax repositories without anybody noticing.',
  limits:
    'Judges the templates, not the repositories created before. Encryption and policies in templates are not judged.',
  remediation: {
    text: 'Set imageTagMutability to IMMUTABLE (or IMMUTABLE_WITH_EXCLUSION with narrow filters) and a lifecycle policy that expires images in every repository creation template.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html',
  },
  frameworks: {},
  evaluate: (registry) =>
    whenKnown(registry.creationTemplates, (templates) =>
      worstOf(
        templates.flatMap((template) => [judgeMutability(template), judgeLifecycle(template)]),
        notApplicable('the registry has no repository creation templates'),
      ),
    ),
});

function judgeMutability({ prefix, tagMutability, tagMutabilityExclusions }: Template): Verdict {
  const path = `creationTemplates[${prefix}].imageTagMutability`;
  switch (tagMutability) {
    case 'IMMUTABLE':
      return passed();
    case 'IMMUTABLE_WITH_EXCLUSION': {
      const open = tagMutabilityExclusions.map(({ filter }) => filter).filter(filterReachesReleases);
      if (open.length === 0) return passed();
      const expected = 'exclusions that match no release tags';
      return failed('a template leaves release tags mutable', [{ path, observed: open, expected }]);
    }
    case 'MUTABLE':
    case 'MUTABLE_WITH_EXCLUSION':
      return failed('a template creates repositories with mutable tags', [
        { path, observed: tagMutability, expected: 'IMMUTABLE' },
      ]);
    default:
      return unknownBecause({
        kind: 'undecidable',
        message: 'A template has a tag mutability setting that is not known here.',
      });
  }
}

function judgeLifecycle({ prefix, lifecyclePolicy }: Template): Verdict {
  const path = `creationTemplates[${prefix}].lifecyclePolicy`;
  return whenKnown(lifecyclePolicy, (policy) => {
    if (policy !== null && expiresSomeTagged(policy)) return passed();
    const observed = policy === null ? null : 'no rule that expires tagged images';
    return failed('a template creates repositories in which tagged images never expire', [
      { path, observed, expected: 'a rule that expires tagged images' },
    ]);
  });
}
