import { defineCheck } from '../../domain/check.ts';
import { coversEverything } from '../../domain/cidr.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { type Evidence, failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';

type Service = ResourceByType['KubernetesService'];

/** A load balancer on the internet should be a decision, not a default. */
export const networkServiceNotPublic = defineCheck({
  id: 'network-service-not-public',
  title: 'Kubernetes services should not be open to the internet',
  resourceType: 'KubernetesService',
  baseSeverity: 'MEDIUM',
  rationale:
    'A service of type LoadBalancer that is neither internal nor limited to address ranges can be called by everybody; a NodePort by whoever the security groups of the nodes let through.',
  limits:
    'Security groups that somebody attached to the load balancer by hand are not seen. A service that is meant to be public is a case for a waiver.',
  remediation: {
    text: 'Set the annotation service.beta.kubernetes.io/aws-load-balancer-scheme to internal, or list who may call in loadBalancerSourceRanges; use ClusterIP behind an ingress instead of NodePort.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.3.3'] },
  evaluate: (service) => {
    if (service.serviceType === 'NodePort') {
      return failed(
        'the service has ports on every node',
        [{ path: 'spec.type', observed: 'NodePort', expected: 'ClusterIP' }],
        { severity: 'LOW', because: 'the security groups of the nodes decide who reaches them' },
      );
    }
    return service.serviceType === 'LoadBalancer' ? judgeLoadBalancer(service) : passed();
  },
});

const PREFIX = 'service.beta.kubernetes.io/';
/** The classes of the AWS Load Balancer Controller and of EKS Auto Mode: both make internal ones by default. */
const INTERNAL_BY_DEFAULT = new Set(['service.k8s.aws/nlb', 'eks.amazonaws.com/nlb']);

function judgeLoadBalancer(service: Service): Verdict {
  const { annotations, loadBalancerClass, loadBalancerSourceRanges } = service;
  const annotation = (name: string) => annotations[`${PREFIX}${name}`];
  const scheme = annotation('aws-load-balancer-scheme');
  const internal = annotation('aws-load-balancer-internal');
  // Whoever wrote the ranges as an annotation meant the same.
  const written = (annotation('load-balancer-source-ranges') ?? '').split(',').map((range) => range.trim());
  const ranges = [...loadBalancerSourceRanges, ...written.filter((range) => range !== '')];
  if (ranges.length > 0 && !coversEverything(ranges)) return passed();
  const evidence: Evidence[] = [
    { path: `metadata.annotations[${PREFIX}aws-load-balancer-scheme]`, observed: scheme ?? null, expected: 'internal' },
    { path: 'spec.loadBalancerSourceRanges', observed: ranges, expected: 'the ranges that may call' },
  ];
  if (scheme === 'internet-facing') return failed(OPEN, evidence);
  // `external` and `nlb-ip` hand the service to the AWS Load Balancer Controller.
  const type = annotation('aws-load-balancer-type');
  if (loadBalancerClass === undefined) {
    return type === 'external' || type === 'nlb-ip'
      ? judgeByController(scheme, internal, evidence)
      : judgeByCloudProvider(scheme, internal, evidence);
  }
  if (INTERNAL_BY_DEFAULT.has(loadBalancerClass)) return judgeByController(scheme, internal, evidence);
  return undecided('The load balancer is made by a class whose defaults are not known.', evidence);
}

const OPEN = 'the load balancer of the service is open to the internet';

function undecided(message: string, evidence: readonly Evidence[]): Verdict {
  return unknownBecause({ kind: 'undecidable', message }, evidence);
}

/**
 * The AWS Load Balancer Controller and Auto Mode: the scheme, else the old annotation, else internal.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
 */
function judgeByController(
  scheme: string | undefined,
  internal: string | undefined,
  evidence: readonly Evidence[],
): Verdict {
  if (scheme === 'internal') return passed();
  if (scheme === undefined && (internal === undefined || /^(?:1|t|true)$/i.test(internal))) return passed();
  if (scheme === undefined && /^(?:0|f|false)$/i.test(internal ?? '')) return failed(OPEN, evidence);
  return undecided('The scheme of the load balancer is none that its controller takes.', evidence);
}

/**
 * The controller of the cloud provider knows the old annotation only, by any text but these two, and is public without.
 *
 * @see https://cloud-provider-aws.sigs.k8s.io/service_controller/
 */
function judgeByCloudProvider(
  scheme: string | undefined,
  internal: string | undefined,
  evidence: readonly Evidence[],
): Verdict {
  if (internal !== undefined && internal !== '' && internal !== 'false') return passed();
  if (scheme === undefined) return failed(OPEN, evidence);
  return undecided(
    'Only the AWS Load Balancer Controller reads the scheme, and nothing hands it the service.',
    evidence,
  );
}
