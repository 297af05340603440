import { z } from 'zod';
import { present } from '../ecs/present.ts';
import type { KubernetesIngress, KubernetesService } from './model.ts';
import { integer, listOf, optional, readFields, text, texts } from './raw-fields.ts';
import { METADATA, metadataFrom, type ObjectMetadata, pick } from './read-metadata.ts';

const SERVICE_ANNOTATIONS = new Set([
  ...[
    'internal',
    'scheme',
    'type',
    'backend-protocol',
    'ssl-cert',
    'ssl-ports',
    'ssl-negotiation-policy',
    'source-ranges',
    'inbound-sg-rules-on-private-link-traffic',
  ].map((name) => `service.beta.kubernetes.io/aws-load-balancer-${name}`),
  'service.beta.kubernetes.io/load-balancer-source-ranges',
]);

const INGRESS_ANNOTATIONS = new Set([
  'kubernetes.io/ingress.class',
  ...[
    'scheme',
    'listen-ports',
    'certificate-arn',
    'ssl-policy',
    'ssl-redirect',
    'actions.ssl-redirect',
    'inbound-cidrs',
    'group.name',
    'backend-protocol',
  ].map((name) => `alb.ingress.kubernetes.io/${name}`),
  ...['ssl-redirect', 'force-ssl-redirect', 'whitelist-source-range', 'allowlist-source-range', 'backend-protocol'].map(
    (name) => `nginx.ingress.kubernetes.io/${name}`,
  ),
]);

const SERVICE = z.object({
  metadata: METADATA,
  spec: optional(
    z.object({
      type: text,
      loadBalancerClass: text,
      loadBalancerSourceRanges: texts,
      ports: listOf(z.object({ name: text, port: integer, nodePort: integer, protocol: text })),
    }),
  ),
});

type ServicePart =
  | 'serviceType'
  | 'loadBalancerClass'
  | 'loadBalancerSourceRanges'
  | 'nodePorts'
  | 'annotations'
  | 'ports';

/** A Service: where it is, and how it is reached. */
export type ServiceObject = Pick<KubernetesService, ServicePart> & { readonly metadata: ObjectMetadata };

/**
 * @throws WrongTypeError where the API server would not decode it
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
 */
export function readService(raw: unknown): ServiceObject {
  const fields = readFields(SERVICE, raw);
  const metadata = metadataFrom(fields.metadata);
  const { type, loadBalancerClass, loadBalancerSourceRanges = [], ports = [] } = fields.spec ?? {};
  return {
    metadata,
    // What the API server fills in.
    serviceType: type || 'ClusterIP',
    ...present('loadBalancerClass', loadBalancerClass || undefined),
    loadBalancerSourceRanges,
    nodePorts: ports.flatMap(({ nodePort }) => nodePort || []),
    annotations: pick(metadata.annotations, (name) => SERVICE_ANNOTATIONS.has(name)),
    ports: ports.map(({ name, port, protocol }) => ({
      ...present('name', name),
      ...present('port', port),
      protocol: protocol || 'TCP',
    })),
  };
}

const INGRESS = z.object({
  metadata: METADATA,
  spec: optional(
    z.object({
      ingressClassName: text,
      tls: listOf(z.object({ hosts: texts })),
      rules: listOf(z.object({ host: text })),
    }),
  ),
});

type IngressPart = 'ingressClassName' | 'tlsHosts' | 'hosts' | 'annotations';

/** An Ingress: for which hosts, and which of them by TLS. */
export type IngressObject = Pick<KubernetesIngress, IngressPart> & { readonly metadata: ObjectMetadata };

/**
 * @throws WrongTypeError where the API server would not decode it
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
 */
export function readIngress(raw: unknown): IngressObject {
  const fields = readFields(INGRESS, raw);
  const metadata = metadataFrom(fields.metadata);
  const { ingressClassName, tls = [], rules = [] } = fields.spec ?? {};
  return {
    metadata,
    ...present('ingressClassName', ingressClassName || undefined),
    tlsHosts: unique(tls.flatMap(({ hosts }) => (hosts.length === 0 ? ['*'] : hosts))),
    hosts: unique(rules.map(({ host }) => host || '*')),
    annotations: pick(metadata.annotations, (name) => INGRESS_ANNOTATIONS.has(name)),
  };
}

function unique(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)].sort();
}
