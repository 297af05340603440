import { createHash, createHmac } from 'node:crypto';
import { type Caller, type Sessions, secretOf } from '../sessions.ts';

const prefix = 'k8s-aws-v1.';
const maxTokenBytes = 4096;
const validMs = 15 * 60_000;
const stsHost = /^sts(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?$/;
const allowedParameters = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

/**
 * Says who a bearer token is from, as the authenticator of EKS does: it looks at the presigned request, then has it
 * answered with the name of its own cluster in the header, so that a token for another cluster has a wrong signature.
 *
 * @returns undefined for a token that EKS refuses
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go
 */
export function callerOfToken(token: string, cluster: string, sessions: Sessions, now: Date): Caller | undefined {
  const url = presignedUrl(token);
  if (url?.protocol !== 'https:' || !stsHost.test(url.host) || url.pathname !== '/') return undefined;
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (!allowedParameters.has(key) || parameters.has(key)) return undefined;
    parameters.set(key, value);
  }
  const signedHeaders = parameters.get('x-amz-signedheaders')?.split(';') ?? [];
  if (parameters.get('action') !== 'GetCallerIdentity' || !signedHeaders.includes('x-k8s-aws-id')) return undefined;
  const expires = Number(parameters.get('x-amz-expires') ?? 'none');
  const signedAt = dateOf(parameters.get('x-amz-date') ?? '');
  const age = now.getTime() - signedAt;
  if (!(expires >= 0 && expires <= 900) || !(age < validMs && age > -validMs)) return undefined;
  const [accessKeyId = ''] = parameters.get('x-amz-credential')?.split('/') ?? [];
  if (signatureOf(url, cluster, secretOf(accessKeyId)) !== parameters.get('x-amz-signature')) return undefined;
  try {
    return sessions.identify(accessKeyId, parameters.get('x-amz-security-token'));
  } catch {
    // STS answers with an error, and the authenticator with 401, whatever it was.
    return undefined;
  }
}

function presignedUrl(token: string): URL | undefined {
  const encoded = token.slice(prefix.length);
  if (token.length > maxTokenBytes || !token.startsWith(prefix) || !/^[\w-]+$/.test(encoded)) return undefined;
  return URL.parse(Buffer.from(encoded, 'base64url').toString()) ?? undefined;
}

function dateOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(url: URL, cluster: string, secret: string): string {
  const values = new Map([...url.searchParams].map(([name, value]) => [name, value]));
  const query = [...values]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const headers: Record<string, string> = { host: url.host, 'x-k8s-aws-id': cluster };
  const names = (values.get('X-Amz-SignedHeaders') ?? '').split(';');
  const lines = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
  const request = ['GET', '/', query, lines, names.join(';'), sha256('')].join('\n');
  const [, ...scope] = (values.get('X-Amz-Credential') ?? '').split('/');
  const toSign = ['AWS4-HMAC-SHA256', values.get('X-Amz-Date'), scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce((secretKey: Buffer, part) => hmac(secretKey, part), Buffer.from(`AWS4${secret}`));
  return hmac(key, toSign).toString('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
