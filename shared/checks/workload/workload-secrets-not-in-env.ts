import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-pods.ts';

const EXPECTED = 'a file of a secret volume';

/** By reference is better than in plain text; as a file is better still. */
export const workloadSecretsNotInEnv = defineCheck({
  id: 'workload-secrets-not-in-env',
  title: 'Kubernetes workloads should read secrets from files instead of environment variables',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'Environment variables end up in crash reports, in logs and in every child process, and keep their old value until the pod is replaced; files do not.',
  remediation: {
    text: 'Mount the secret as a volume, or through the Secrets Store CSI driver, and let the application read the file.',
    url: 'https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.4.1'] },
  relatedControls: { 'nist-800-190': ['4.1.4'] },
  evaluate: (workload) =>
    judgeContainers(workload, ({ path, env, envFrom }) => {
      const evidence = [
        ...env.flatMap((variable, index) =>
          'from' in variable && variable.from === 'secretKeyRef'
            ? [{ path: `${path}.env[${index}].valueFrom.secretKeyRef`, observed: variable.name, expected: EXPECTED }]
            : [],
        ),
        ...envFrom.flatMap(({ from, object }, index) =>
          from === 'secretRef'
            ? [{ path: `${path}.envFrom[${index}].secretRef`, observed: object ?? null, expected: EXPECTED }]
            : [],
        ),
      ];
      return evidence.length === 0 ? passed() : failed('a secret is an environment variable', evidence);
    }),
});
