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
  const legacyInternal = annotation('aws-load-balancer-internal');
  // Whoever wrote the ranges as an annotation meant the same.
  const written = (annotation('load-balancer-source-ranges') ?? '').split(',').map((range) => range.trim());
  const ranges = [...loadBalancerSourceRanges, ...written.filter((range) => range !== '')];
  if (scheme === 'internal' || (legacyInternal !== undefined && legacyInternal !== 'false')) return passed();
  if (ranges.length > 0 && !coversEverything(ranges)) return passed();
  const evidence: Evidence[] = [
    { path: `metadata.annotations[${PREFIX}aws-load-balancer-scheme]`, observed: scheme ?? null, expected: 'internal' },
    { path: 'spec.loadBalancerSourceRanges', observed: ranges, expected: 'the ranges that may call' },
  ];
  const reason = 'the load balancer of the service is open to the internet';
  if (scheme === 'internet-facing') return failed(reason, evidence);
  if (loadBalancerClass !== undefined) {
    if (INTERNAL_BY_DEFAULT.has(loadBalancerClass)) return passed();
    return unknownBecause(
      { kind: 'undecidable', message: 'The load balancer is made by a class whose defaults are not known.' },
      evidence,
    );
  }
  // `external` and `nlb-ip` hand the service to the AWS Load Balancer Controller.
  const type = annotation('aws-load-balancer-type');
  if (type === 'external' || type === 'nlb-ip') return passed();
  return failed(reason, evidence);
}
