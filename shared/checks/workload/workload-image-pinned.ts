import { defineCheck } from '../../domain/check.ts';
import { judgePinned, pinnedImageParameters } from '../../domain/image-judgement.ts';
import { judgeContainers } from './judge-pods.ts';

/** A version tag is pinned enough; the next pod of a floating one runs whatever was pushed since. */
export const workloadImagePinned = defineCheck({
  id: 'workload-image-pinned',
  title: 'Kubernetes workloads should pin images to a version or a digest',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'With latest or another floating tag two pods of one workload may run different programs, a rollback brings back nothing, and who can push can deploy.',
  limits:
    'A tag is judged by its name: a version (1.2, v1.2.3), a date, a commit or a build number of three digits and more is pinned; none, latest, an environment, a branch, a variant (alpine) or a bare major version (20, v3) is floating. Whether the registry lets a tag be moved is judged by ecr-repository-tags-immutable.',
  remediation: {
    text: 'Name the image with a version tag that is never moved, or with its digest.',
    url: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  },
  frameworks: { 'nist-800-190': ['4.2.2'] },
  parameters: pinnedImageParameters,
  evaluate: (workload, { parameters }) =>
    judgeContainers(workload, ({ path, image = '' }) => judgePinned({ image, path: `${path}.image` }, parameters)),
});
