import { defineCheck } from '../../domain/check.ts';
import { parseJson } from '../../domain/parse-json.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { type Evidence, failed, notApplicable, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';

type Ingress = ResourceByType['KubernetesIngress'];

/** What comes from the internet should come encrypted. */
export const networkIngressEncrypted = defineCheck({
  id: 'network-ingress-encrypted',
  title: 'Kubernetes ingresses should offer TLS only to the internet',
  resourceType: 'KubernetesIngress',
  baseSeverity: 'MEDIUM',
  rationale:
    'Whatever a public listener without TLS carries, passwords and session cookies included, can be read and changed on its way.',
  limits:
    'Whether the controller of another vendor is public is not seen: an ingress of theirs without TLS is UNKNOWN. Listeners that members of an ingress group add are judged at the ingress that names them.',
  remediation: {
    text: 'Give the ingress a certificate (alb.ingress.kubernetes.io/certificate-arn, or spec.tls), listen on HTTPS, and set alb.ingress.kubernetes.io/ssl-redirect where HTTP stays open.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.4.5'] },
  evaluate: (ingress) => (isOfAlb(ingress) ? judgeAlb(ingress) : judgeOther(ingress)),
});

const ALB = 'alb.ingress.kubernetes.io/';
const CLASS = 'kubernetes.io/ingress.class';
const ALB_CONTROLLERS = new Set(['ingress.k8s.aws/alb', 'eks.amazonaws.com/alb']);

function isOfAlb({ annotations, ingressClassName, classDefaults }: Ingress): boolean {
  if (classDefaults.known && classDefaults.value?.controller !== undefined) {
    return ALB_CONTROLLERS.has(classDefaults.value.controller);
  }
  if ((ingressClassName ?? annotations[CLASS]) === 'alb') return true;
  // Where its class could not be read, its annotations say for whom it is.
  return !classDefaults.known && Object.keys(annotations).some((name) => name.startsWith(ALB));
}

function judgeAlb(ingress: Ingress): Verdict {
  const { annotations, classDefaults } = ingress;
  const byListeners = judgeListeners(ingress);
  if (byListeners.status === 'PASSED') return byListeners;
  const annotated = annotations[`${ALB}scheme`];
  if (!classDefaults.known) {
    // The class may say otherwise, and wins.
    return unknownBecause(classDefaults.reason, byListeners.evidence);
  }
  const scheme = classDefaults.value?.scheme ?? annotated ?? 'internal';
  return scheme === 'internet-facing' ? byListeners : notApplicable('the load balancer is internal');
}

function judgeListeners({ annotations, classDefaults, tlsHosts }: Ingress): Verdict {
  const hasCertificate =
    annotations[`${ALB}certificate-arn`] !== undefined ||
    tlsHosts.length > 0 ||
    (classDefaults.known && classDefaults.value?.hasCertificate === true);
  if (annotations[`${ALB}ssl-redirect`] !== undefined && hasCertificate) return passed();
  const written = annotations[`${ALB}listen-ports`];
  const path = `metadata.annotations[${ALB}listen-ports]`;
  if (written === undefined) {
    if (hasCertificate) return passed();
    return failed('a public listener takes HTTP', [
      { path, observed: 'HTTP on 80, the default without a certificate', expected: 'HTTPS' },
    ]);
  }
  const listeners = parseJson(written);
  if (!Array.isArray(listeners)) {
    return unknownBecause({ kind: 'undecidable', message: 'The annotation listen-ports is not a list.' });
  }
  const plain = listeners.some((listener) => typeof listener === 'object' && listener !== null && 'HTTP' in listener);
  const evidence: Evidence[] = [{ path, observed: plain ? 'HTTP' : 'HTTPS', expected: 'HTTPS, or an ssl-redirect' }];
  return plain ? failed('a public listener takes HTTP', evidence) : passed();
}

/** ingress-nginx redirects to TLS where there is any, unless it is told not to. */
const NGINX_REDIRECT = 'nginx.ingress.kubernetes.io/ssl-redirect';
const NGINX_REDIRECT_ALWAYS = 'nginx.ingress.kubernetes.io/force-ssl-redirect';

function judgeOther({ hosts, tlsHosts, annotations }: Ingress): Verdict {
  const covered = (host: string) =>
    tlsHosts.some((name) => name === '*' || name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))));
  const staysPlain = annotations[NGINX_REDIRECT] === 'false' && annotations[NGINX_REDIRECT_ALWAYS] !== 'true';
  if (!staysPlain && tlsHosts.length > 0 && (hosts.length === 0 || hosts.every(covered))) return passed();
  return unknownBecause(
    { kind: 'undecidable', message: 'Whether the controller of the ingress is public is not seen.' },
    staysPlain
      ? [{ path: `metadata.annotations[${NGINX_REDIRECT}]`, observed: 'false', expected: 'true' }]
      : [{ path: 'spec.tls', observed: [...tlsHosts], expected: 'an entry for every host' }],
  );
}
