import { defineCheck } from '../../domain/check.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { plaintextFailure } from '../../domain/plaintext-secret.ts';
import { notApplicable, passed, worstOf } from '../../domain/verdict.ts';
import { judgeConfigurations, unseenParts } from './judge-images.ts';

/** Build arguments are written down with the steps that use them. */
export const imageNoSecretsInHistory = defineCheck({
  id: 'image-no-secrets-in-history',
  title: 'Container images should hold no secrets in their build history',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'HIGH',
  severityIndependentOfUse: true,
  rationale: IMAGE_PRACTICES.noSecrets.rationale,
  limits:
    'A secret that looks like ordinary text is not found. What still stands in the environment or the labels is told by image-no-secrets-in-config.',
  remediation: {
    text: IMAGE_PRACTICES.noSecrets.fix,
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
  },
  frameworks: { 'nist-800-190': ['4.1.4'] },
  evaluate: (images) =>
    judgeConfigurations(images, (configuration, path) => {
      const { history } = configuration;
      if (history === null) return notApplicable('the image keeps no build history');
      const failures = history.flatMap(
        ({ text }, index) => plaintextFailure({ path: `${path}.history[${index}]`, text }, 'no secret') ?? [],
      );
      return worstOf([...failures, ...unseenParts(configuration)], passed());
    }),
});
