import { connect } from 'node:tls';

/** Why an endpoint could not be reached. */
export type ConnectionFailure =
  /** Its name is not known. */
  | 'dns'
  /** Nothing came back in time: packets are dropped. */
  | 'timeout'
  /** Somebody answered that there is nothing, or no way. */
  | 'refused'
  /** Somebody else answered: the certificate is not of the cluster's authority. */
  | 'tls';

export interface Endpoint {
  /** `https://…` */
  readonly url: string;
  /** The certificates that sign the endpoint's own, as PEM. */
  readonly certificateAuthority: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const NO_NAME = new Set(['EAI_AGAIN', 'EAI_NODATA', 'ENODATA', 'ENOTFOUND']);
const NO_WAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE']);

/**
 * Opens a connection to the API of a cluster, proves by the cluster's own authority that it is the cluster, and closes
 * it. Sends no request. Never throws.
 *
 * @returns undefined where it worked
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 */
export function tryConnection(
  { url, certificateAuthority }: Endpoint,
  timeoutMs = CONNECT_TIMEOUT_MS,
): Promise<ConnectionFailure | undefined> {
  return new Promise((resolve) => {
    try {
      const { hostname, port } = new URL(url);
      const host = hostname.replace(/^\[|\]$/g, '');
      const socket = connect({
        host,
        port: port === '' ? 443 : Number(port),
        ca: certificateAuthority,
        // An address has no name to be asked for.
        ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      });
      const end = (failure?: ConnectionFailure) => {
        clearTimeout(timer);
        socket.destroy();
        resolve(failure);
      };
      // Covers the look-up of the name and the handshake too, which the socket's own timeout does not.
      const timer = setTimeout(() => end('timeout'), timeoutMs);
      socket.once('secureConnect', () => end());
      socket.once('error', (error) => end(failureOf(error)));
    } catch (error) {
      resolve(failureOf(error));
    }
  });
}

function failureOf(error: unknown): ConnectionFailure {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? '');
  if (NO_NAME.has(code)) return 'dns';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (NO_WAY.has(code)) return 'refused';
  return 'tls';
}
