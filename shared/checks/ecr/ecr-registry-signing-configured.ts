import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';

const parameters = z.strictObject({
  signing: z
    .strictObject({
      expected: z.boolean().default(false).describe('True where images have to be signed by the registry on push.'),
    })
    .prefault({})
    .describe('What is expected of signatures: set `expected` to true where the registry has to sign images on push.'),
});

/** Managed signing: the registry signs what is pushed, with a profile of AWS Signer. */
export const ecrRegistrySigningConfigured = defineCheck({
  id: 'ecr-registry-signing-configured',
  title: 'ECR registries should sign images that are pushed',
  resourceType: 'EcrRegistry',
  baseSeverity: 'LOW',
  rationale:
    'Without signatures nobody who deploys an image can prove that it came out of the own registry as it was pushed.',
  limits:
    'Judged only where signing.expected is set. Sees signing by ECR itself, not signatures that a pipeline pushes; whether a rule covers each repository is not judged.',
  remediation: {
    text: 'Create a signing profile in AWS Signer and add it to the signing configuration of the registry.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-signing.html',
  },
  frameworks: { 'nist-800-190': ['4.1.5'] },
  parameters,
  evaluate: (registry, context) => {
    if (!context.parameters.signing.expected) return notApplicable('signing is not expected (signing.expected is off)');
    return whenKnown(registry.signing, (rules) =>
      rules !== null && rules.length > 0
        ? passed()
        : failed('the registry signs no images', [
            {
              path: 'signingConfiguration',
              observed: rules === null ? null : [],
              expected: 'at least one signing rule',
            },
          ]),
    );
  },
});
