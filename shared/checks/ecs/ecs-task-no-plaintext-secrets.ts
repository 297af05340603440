import { defineCheck } from '../../domain/check.ts';
import { plaintextFailure } from '../../domain/plaintext-secret.ts';
import { passed, unknownBecause, worstOf } from '../../domain/verdict.ts';
import { type ContainerDefinition, judgeContainers } from './judge-revisions.ts';
import { secretTextsOf } from './secret-texts.ts';

/** The detectors looked at the values when they were read; here only what they found is known. */
export const ecsTaskNoPlaintextSecrets = defineCheck({
  id: 'ecs-task-no-plaintext-secrets',
  title: 'ECS task definitions should not hold secrets in plain text',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  rationale:
    'Everyone who may describe a task definition reads its environment, commands, labels and log options, and revisions keep them for ever.',
  limits:
    'Environment files in S3 and the overrides of single tasks are not read. A secret that looks like ordinary text is not found.',
  remediation: {
    text: 'Rotate the secret, keep it in Secrets Manager or Parameter Store, and name it under secrets (secretOptions for log drivers) in the container definition; deregister and delete the revisions that hold it.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
  },
  frameworks: {},
  relatedControls: { 'aws-fsbp': ['ECS.8'], 'nist-800-190': ['4.1.4'] },
  evaluate: (family) => judgeContainers(family, judgeContainer),
});

function judgeContainer(container: ContainerDefinition, path: string) {
  const failures = secretTextsOf(container, path).flatMap(
    (secret) => plaintextFailure(secret, 'a reference under secrets') ?? [],
  );
  if (failures.length > 0 || container.environmentFiles.length === 0) return worstOf(failures, passed());
  return unknownBecause({ kind: 'undecidable', message: 'Environment files in S3 are not read.' }, [
    { path: `${path}.environmentFiles`, observed: [...container.environmentFiles], expected: 'no secrets in them' },
  ]);
}
