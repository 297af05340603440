import type { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, HashConstructor } from '@smithy/types';

/** Who asks for a token, for which cluster, and when. */
export interface TokenRequest {
  readonly clusterName: string;
  /** The regional host of STS in the cluster's region and partition. */
  readonly stsHost: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly sha256: HashConstructor;
  readonly signedAt: Date;
}

/** EKS takes a token for 15 minutes from its date; a list that has just begun must not outlive it. */
const REFRESH_AFTER_MS = 13 * 60_000;
const PREFIX = 'k8s-aws-v1.';
/** EKS does not look at it; other values than those of its own tools are refused by some proxies. */
const EXPIRES_SECONDS = 60;

/**
 * The bearer token by which EKS knows an IAM principal: a presigned request to STS that only the cluster sends. It is
 * made without asking anybody, and is a credential: it must never be logged.
 *
 * Nothing may be in the query besides what the verifier allows, and the header with the cluster's name must be signed:
 * a token for one cluster opens no other.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 */
export async function createEksToken(request: TokenRequest): Promise<string> {
  const { clusterName, stsHost, region, credentials, sha256, signedAt } = request;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: stsHost,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: stsHost, 'x-k8s-aws-id': clusterName },
    },
    { signingDate: signedAt, expiresIn: EXPIRES_SECONDS },
  );
  const text = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return PREFIX + Buffer.from(`https://${stsHost}/?${text}`).toString('base64url');
}

/**
 * Tokens for one cluster, made anew before they end.
 *
 * @param sts a client of the account and region; only its credentials and its knowledge of endpoints are used
 */
export function eksTokens(
  { config }: Pick<STSClient, 'config'>,
  clusterName: string,
  region: string,
  now: () => Date = () => new Date(),
): () => Promise<string> {
  const stsHost = config.endpointProvider({ Region: region, UseGlobalEndpoint: false }).url.hostname;
  let token: Promise<string> | undefined;
  let signedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    if (token === undefined || at.getTime() - signedAt >= REFRESH_AFTER_MS) {
      signedAt = at.getTime();
      const { credentials, sha256 } = config;
      token = createEksToken({ clusterName, stsHost, region, credentials, sha256, signedAt: at });
      // A failure is the caller's to see, and the next caller's to try again.
      token.catch(() => {
        token = undefined;
      });
    }
    return token;
  };
}
