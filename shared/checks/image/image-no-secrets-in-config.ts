import { defineCheck } from '../../domain/check.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { plaintextFailure } from '../../domain/plaintext-secret.ts';
import { passed, worstOf } from '../../domain/verdict.ts';
import { judgeConfigurations, unseenParts } from './judge-images.ts';

const EXPECTED = 'no secret';

/** The detectors looked at the values when they were read; here only what they found is known. */
export const imageNoSecretsInConfig = defineCheck({
  id: 'image-no-secrets-in-config',
  title: 'Container images should hold no secrets in their environment and labels',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'CRITICAL',
  severityIndependentOfUse: true,
  rationale: IMAGE_PRACTICES.noSecrets.rationale,
  limits: 'A secret that looks like ordinary text is not found. Files are looked at by image-layers-clean.',
  remediation: {
    text: IMAGE_PRACTICES.noSecrets.fix,
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
  },
  frameworks: { 'nist-800-190': ['4.1.4'] },
  evaluate: (images) =>
    judgeConfigurations(images, (configuration, path) => {
      const texts = [
        ...configuration.environment.map(({ name, text }) => ({ path: `${path}.Env[${name}]`, text, variable: name })),
        ...configuration.labels.map(({ name, text }) => ({ path: `${path}.Labels[${name}]`, text })),
      ];
      const failures = texts.flatMap((secret) => plaintextFailure(secret, EXPECTED) ?? []);
      return worstOf([...failures, ...unseenParts(configuration)], passed());
    }),
});
