import { createHash } from 'node:crypto';
import { ServiceError } from './service-error.ts';

/** Who signed a request. */
export interface Caller {
  accountId: string;
  arn: string;
  userId: string;
}

export interface SessionCredentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: Date;
}

interface Known {
  caller: Caller;
  token: string | undefined;
  expiresAt: number;
}

/** The secrets of the demo account are no secrets; only signatures are made with them. */
const sessionSecret = 'demo-session-secret-not-a-credential-1234';
const longTermSecret = 'demo-secret-not-a-credential-1234567890ab';

/** The secret key that belongs to an access key. */
export function secretOf(accessKeyId: string): string {
  return accessKeyId.startsWith('ASIA') ? sessionSecret : longTermSecret;
}

/** The credentials the demo account has handed out: long-term keys from the start, session keys by AssumeRole. */
export class Sessions {
  readonly #known = new Map<string, Known>();
  #issued = 0;

  /** Makes a long-term access key known. */
  addAccessKey(accessKeyId: string, caller: Caller): void {
    this.#known.set(accessKeyId, { caller, token: undefined, expiresAt: Number.POSITIVE_INFINITY });
  }

  /** New session credentials for a role, valid for so many seconds. */
  issue(roleArn: string, sessionName: string, seconds: number): { caller: Caller; credentials: SessionCredentials } {
    this.#issued += 1;
    const accountId = roleArn.split(':')[4] as string;
    const roleName = roleArn.split('/').at(-1) as string;
    const roleId = `AROA${digest(roleArn).slice(0, 17)}`;
    const caller = {
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
      userId: `${roleId}:${sessionName}`,
    };
    const credentials = {
      AccessKeyId: `ASIA${digest(`${roleArn}/${sessionName}/${this.#issued}`).slice(0, 16)}`,
      SecretAccessKey: sessionSecret,
      SessionToken: `demo-session-${this.#issued}`,
      Expiration: new Date(Date.now() + seconds * 1000),
    };
    this.#known.set(credentials.AccessKeyId, {
      caller,
      token: credentials.SessionToken,
      expiresAt: credentials.Expiration.getTime(),
    });
    return { caller, credentials };
  }

  /**
   * Who is behind an access key.
   *
   * @throws ServiceError `invalid` for a key or token nobody gave out, `expired` for an old session
   */
  identify(accessKeyId: string, token: string | undefined): Caller {
    const known = this.#known.get(accessKeyId);
    if (!known || known.token !== token) {
      throw new ServiceError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
    }
    if (known.expiresAt <= Date.now()) {
      throw new ServiceError('ExpiredToken', 'The security token included in the request is expired', 403);
    }
    return known.caller;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').toUpperCase();
}
