import { describe, expect, test } from 'vitest';
import { networkIngressEncrypted as check } from '#shared/checks/network/network-ingress-encrypted.ts';
import type { KubernetesIngress } from '#shared/collectors/kubernetes/model.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesIngress } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const ALB = 'alb.ingress.kubernetes.io/';
const certificate = { [`${ALB}certificate-arn`]: 'arn:aws:acm:us-east-1:111122223333:certificate/1' };
const facing = { [`${ALB}scheme`]: 'internet-facing' };
const judgeWith = (annotations: Record<string, string>, change: Partial<KubernetesIngress> = {}) =>
  judge(check, kubernetesIngress({ annotations: { ...facing, ...annotations }, ...change }));
const listen = (...listeners: readonly object[]) => ({ [`${ALB}listen-ports`]: JSON.stringify(listeners) });

describe('a public load balancer of AWS', () => {
  test.for([
    ['has a certificate', certificate],
    ['listens on HTTPS alone', { ...certificate, ...listen({ HTTPS: 443 }) }],
    ['redirects HTTP', { ...certificate, ...listen({ HTTP: 80 }, { HTTPS: 443 }), [`${ALB}ssl-redirect`]: '443' }],
  ] as const)('PASSED when it %s', ([, annotations]) => {
    expect(judgeWith(annotations).status).toBe('PASSED');
  });

  test.for([
    ['has no certificate', {}],
    ['listens on HTTP as well', { ...certificate, ...listen({ HTTP: 80 }, { HTTPS: 443 }) }],
  ] as const)('FAILED when it %s', ([, annotations]) => {
    expect(judgeWith(annotations)).toMatchObject({
      status: 'FAILED',
      reason: 'a public listener takes HTTP',
      evidence: [{ path: `metadata.annotations[${ALB}listen-ports]` }],
    });
  });

  test('UNKNOWN when the annotation of its listeners is broken', () => {
    expect(judgeWith({ [`${ALB}listen-ports`]: 'HTTPS' }).unknown?.kind).toBe('undecidable');
  });
});

test('the scheme of its class wins over the annotation', () => {
  const classDefaults = known({ controller: 'eks.amazonaws.com/alb', scheme: 'internet-facing' });

  expect(judge(check, kubernetesIngress({ annotations: {}, classDefaults })).status).toBe('FAILED');
});

test('UNKNOWN without TLS when its class could not be read', () => {
  expect(judgeWith({}, { classDefaults: denied('kubernetes:list ingressclasses') }).status).toBe('UNKNOWN');
});

test('UNKNOWN when it listens for HTTP, its class could not be read and its annotations are those of the ALB', () => {
  const annotations = { [`${ALB}listen-ports`]: '[{"HTTP": 80}, {"HTTPS": 443}]' };
  const classDefaults = denied('kubernetes:list ingressclasses');

  expect(judgeWith(annotations, { ingressClassName: 'web', tlsHosts: ['*'], classDefaults }).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to an internal load balancer, which is the default', () => {
  expect(judge(check, kubernetesIngress({ annotations: {} })).status).toBe('NOT_APPLICABLE');
});

describe('the ingress of another controller', () => {
  const nginx = (change: Partial<KubernetesIngress>) =>
    judge(
      check,
      kubernetesIngress({
        ingressClassName: 'nginx',
        classDefaults: known({ controller: 'k8s.io/ingress-nginx' }),
        annotations: {},
        ...change,
      }),
    );

  test.for([
    ['names', ['shop.example.com']],
    ['has a wildcard that covers', ['*.example.com']],
    ['has an entry without hosts for', ['*']],
  ] as const)('PASSED when its tls %s every host', ([, tlsHosts]) => {
    expect(nginx({ tlsHosts }).status).toBe('PASSED');
  });

  test('UNKNOWN where it keeps answering without TLS', () => {
    const redirect = 'nginx.ingress.kubernetes.io/ssl-redirect';
    const tlsHosts = ['*'];

    expect(nginx({ tlsHosts, annotations: { [redirect]: 'false' } })).toMatchObject({
      status: 'UNKNOWN',
      evidence: [{ path: `metadata.annotations[${redirect}]`, observed: 'false' }],
    });
    expect(nginx({ tlsHosts, annotations: { [redirect]: 'true' } }).status).toBe('PASSED');
  });

  test('UNKNOWN without TLS: whether it is public is not seen', () => {
    expect(nginx({ tlsHosts: [] }).unknown?.kind).toBe('undecidable');
  });
});
