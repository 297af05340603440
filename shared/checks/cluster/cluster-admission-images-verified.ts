import { defineCheck } from '../../domain/check.ts';
import { judgePolicies } from './admission-policies.ts';

/** The last gate: what was scanned and signed is worth as much as the refusal to run anything else. */
export const clusterAdmissionImagesVerified = defineCheck({
  id: 'cluster-admission-images-verified',
  title: 'Kubernetes clusters should verify images on admission',
  resourceType: 'KubernetesCluster',
  baseSeverity: 'MEDIUM',
  rationale:
    'Without a policy on images the cluster runs whatever a pod names: of any registry, unsigned, and with every known vulnerability, however strict the pipeline is.',
  limits:
    'A policy counts where its rules speak of registries, signatures or vulnerabilities of images, and it denies; one that binds a part of the pods only is UNKNOWN.',
  remediation: {
    text: 'Enforce a policy on images: a ValidatingAdmissionPolicy that allows only the own registries, or Kyverno, Gatekeeper with Ratify, or another verifier that checks signatures made with AWS Signer.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-signing.html',
  },
  frameworks: { 'nist-800-190': ['4.1.1', '4.1.5'] },
  evaluate: (cluster) =>
    judgePolicies(cluster, ({ enforces, verifiesImages }) => [enforces, verifiesImages], {
      reason: 'no admission policy verifies images',
      expected: 'a policy that verifies images and refuses',
    }),
});
