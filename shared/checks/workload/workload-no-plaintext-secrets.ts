import { defineCheck } from '../../domain/check.ts';
import { plaintextFailure, type SecretText } from '../../domain/plaintext-secret.ts';
import type { PodContainer } from '../../domain/pod-spec.ts';
import { passed, worstOf } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-pods.ts';

/** The detectors looked at the values when they were read; here only what they found is known. */
export const workloadNoPlaintextSecrets = defineCheck({
  id: 'workload-no-plaintext-secrets',
  title: 'Kubernetes workloads should not hold secrets in plain text',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'HIGH',
  rationale:
    'Everyone who may read pods or deployments, which the view role allows, reads their environment and arguments, and so does who reads the repository they come from.',
  limits: 'ConfigMaps are not read. A secret that looks like ordinary text is not found.',
  remediation: {
    text: 'Rotate the secret, keep it in Secrets Manager or in a Secret encrypted with a KMS key, and mount it as a file through the Secrets Store CSI driver or a secret volume.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/manage-secrets.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.4'] },
  evaluate: (workload) =>
    judgeContainers(workload, (container) =>
      worstOf(
        textsOf(container).flatMap((text) => plaintextFailure(text, 'a reference to a secret') ?? []),
        passed(),
      ),
    ),
});

function textsOf({ path, env, words }: PodContainer): readonly SecretText[] {
  const variables = env.flatMap((variable, index) =>
    'value' in variable ? [{ path: `${path}.env[${index}].value`, text: variable.value, variable: variable.name }] : [],
  );
  return [...variables, ...words];
}
