import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { RawObject } from '../../kubernetes/api.ts';
import { present } from '../ecs/present.ts';
import type { ClusterResources } from './cluster-resources.ts';
import type { IngressClassDefaults, KubernetesIngress, KubernetesService } from './model.ts';
import { objectAt } from './pod-identity.ts';
import { readMetadata } from './read-metadata.ts';
import type { IngressObject } from './read-service.ts';
import type { ClusterSnapshot } from './snapshot.ts';

/** The class of an ingress without one of its own. */
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

export function* serviceResources(of: ClusterResources, { services }: ClusterSnapshot): Generator<KubernetesService> {
  if (!services.known) return;
  for (const { metadata, ...service } of services.value) {
    const { name, namespace = 'default' } = metadata;
    yield { ...of.base('KubernetesService', { namespace, kind: 'Service', name }), namespace, ...service };
  }
}

/** Ingresses with what their class decides for them. */
export function* ingressResources(of: ClusterResources, snapshot: ClusterSnapshot): Generator<KubernetesIngress> {
  if (!snapshot.ingresses.known) return;
  for (const { metadata, ...ingress } of snapshot.ingresses.value) {
    const { name, namespace = 'default' } = metadata;
    yield {
      ...of.base('KubernetesIngress', { namespace, kind: 'Ingress', name }),
      namespace,
      ...ingress,
      classDefaults: classDefaultsOf(ingress, snapshot),
    };
  }
}

/**
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html
 */
function classDefaultsOf(
  { ingressClassName, annotations }: Pick<IngressObject, 'ingressClassName' | 'annotations'>,
  { ingressClasses, custom }: ClusterSnapshot,
): Observed<IngressClassDefaults | null> {
  if (!ingressClasses.known) return ingressClasses;
  const wanted = ingressClassName ?? annotations[CLASS_ANNOTATION];
  const found = ingressClasses.value.find((one) => {
    const { name, annotations: own } = readMetadata(one);
    return wanted === undefined ? own[DEFAULT_CLASS] === 'true' : name === wanted;
  });
  if (found === undefined) return known(null);
  const { controller, parameters } = objectAt(found, 'spec');
  const named = (parameters ?? {}) as { apiGroup?: unknown; name?: unknown };
  const parts = present('controller', typeof controller === 'string' ? controller : undefined);
  const listed = custom.get(`ingressclassparams.${String(named.apiGroup)}`);
  if (parameters === undefined || listed === undefined) return known(parts);
  return mapObserved(listed, (all) => ({
    ...parts,
    ...settingsOf(all.find(({ name }) => name === named.name)?.raw),
  }));
}

function settingsOf(raw: RawObject | undefined): Pick<IngressClassDefaults, 'scheme' | 'hasCertificate'> {
  const { scheme, certificateARNs, certificateArn } = objectAt(raw ?? {}, 'spec');
  const certificates = [certificateARNs, certificateArn].flat().filter((one) => typeof one === 'string');
  return {
    ...present('scheme', typeof scheme === 'string' ? scheme : undefined),
    ...present('hasCertificate', certificates.length > 0 ? true : undefined),
  };
}
