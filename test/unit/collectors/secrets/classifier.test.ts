import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';

const classify = createClassifier({ hashKey: new TextEncoder().encode('a test key') });

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';
/** As gpg prints them: of the key that releases of Python 3.12 are signed with. */
const FINGERPRINT = '7169605F62C751356D054A26A821E680E5FA6305';

/** Characters that look random and are the same in every run: no secret, and no scanner of repositories sees one. */
function made(length: number, alphabet = LETTERS): string {
  return Array.from({ length }, (_, at) => alphabet[(at * 37 + 11 + at * at * 7) % alphabet.length]).join('');
}

async function detections(name: string, text: string): Promise<readonly string[]> {
  return (await classify(name, text)).detections.map(({ detector, confidence }) => `${detector}/${confidence}`);
}

describe('a value that is a secret whatever it is called', () => {
  const secrets: readonly (readonly [detector: string, text: string])[] = [
    ['aws-access-key-id', `AK${'IA'}${made(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`],
    ['github-token', `gh${'p_'}${made(36)}`],
    ['github-token', `github${'_pat_'}${made(22)}_${made(59)}`],
    ['slack-token', `xo${'xb-'}123456789012-123456789012-${made(24)}`],
    ['slack-incoming-webhook', `https://hooks.slack${'.com/services/'}T00000000/B00000000/${made(24)}`],
    ['npm-access-token', `np${'m_'}${made(36)}`],
    ['gitlab-personal-access-token', `gl${'pat-'}${made(20)}`],
    ['sendgrid-key', `S${'G.'}${made(22)}.${made(43)}`],
    ['anthropic-api-key', `sk-${'ant-api03-'}${made(93)}AA`],
    ['stripe-key', `sk_${'live_'}${made(24)}`],
    ['stripe-webhook-secret', `wh${'sec_'}${made(32)}`],
    ['google-api-key', `AI${'za'}${made(35)}`],
    ['google-oauth-secret', `GOC${'SPX-'}${made(28)}`],
    ['vault-token', `hv${'s.'}${made(24)}`],
    ['twilio-api-key', `S${'K'}${made(32, HEX)}`],
    ['mailgun-key', `ke${'y-'}${made(32, HEX)}`],
    ['new-relic-key', `NR${'AK-'}${made(27, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`],
    ['pypi-token', `py${'pi-AgEI'}${made(60)}`],
    ['jwt', `ey${'J'}${made(30)}.ey${'J'}${made(60)}.${made(43)}`],
    ['private-key', `-----BEGIN ${'RSA PRIVATE KEY'}-----\n${made(64)}\n-----END ${'RSA PRIVATE KEY'}-----`],
    ['private-key', `-----BEGIN ${'PRIVATE KEY'}-----`],
    ...['RSA PRIVATE KEY', 'PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'EC PRIVATE KEY'].map(
      (kind) => ['private-key-base64', Buffer.from(`-----BEGIN ${kind}-----\n${made(64)}`).toString('base64')] as const,
    ),
    ['docker-registry-auth', `{"auths":{"registry.example.com":{"au${'th'}":"${made(40)}"}}}`],
    ['azure-storage-key', `DefaultEndpointsProtocol=https;AccountName=x;Account${'Key='}${made(86)}==`],
    ['sql-connection-string', `Server=db;User Id=app;Pass${'word='}${made(9)};`],
    ['authorization-header', `curl -H "Authorization: ${'Bearer '}${made(30)}" https://api.example.com`],
    ['url-credentials', `https://admin:${made(10)}@example.com/path`],
    ['url-credentials', `postgres://app:${made(10)}@db.example.com:5432/app`],
    ['url-credentials', `redis://:${made(10)}@redis:6379`],
    ['url-credentials', `amqps://app:${made(10)}@mq/vhost`],
    ['url-credentials', `postgres://app:\${PASSWORD}@db/app,postgres://app:${made(10)}@db/app`],
  ];

  it.each(secrets)('is found: %s', async (detector, text) => {
    expect(await detections('VALUE', text)).toContain(`${detector}/value`);
    expect(await detections('command', `sh -c "run ${text}"`)).toContain(`${detector}/value`);
  });

  it('is found in an AWS secret access key, which only its name tells from other random texts', async () => {
    expect(await detections('AWS_SECRET_ACCESS_KEY', made(40))).toContain('aws-secret-access-key/value');
    expect(await detections('AWS_SECRET_KEY', made(40))).toEqual(['generic-secret/value']);
  });

  it('is not found in the example credentials of AWS documentation', async () => {
    expect(await detections('AWS_ACCESS_KEY_ID', `AK${'IA'}IOSFODNN7EXAMPLE`)).toEqual([]);
  });

  it('is found although a comment in the value asks scanners to look away', async () => {
    const token = `gh${'p_'}${made(36)}`;
    expect(await detections('NOTE', `// secretlint-disable-line\n/* secretlint-disable */ ${token}`)).toContain(
      'github-token/value',
    );
  });
});

describe('a value under a name that asks for a secret', () => {
  it.each([
    ['API_KEY', made(32, HEX)],
    ['DB_PASSWORD', 'S3cret-Passw0rd!'],
    ['dbPassword', 'xK29fjR8qz'],
    ['splunk-token', '11111111-2222-3333-4444-5555aaaa6666'],
    ['com.example.client.secret', made(24)],
    ['DATADOG_KEY', made(32, HEX)],
    ['command', 'mysqld --password xK29fjR8qz'],
    ['command', 'mysqld --password=xK29fjR8qz'],
    ['CONFIG', '{"db":{"password":"xK29fjR8qz"}}'],
    ['CALLBACK_URL', `https://example.com/hook?token=${made(24)}`],
  ])('is found as a value when it looks random: %s', async (name, text) => {
    expect(await detections(name, text)).toEqual(['generic-secret/value']);
  });

  it.each([
    ['DB_PASSWORD', 'changeme'],
    ['DB_PASSWORD', 'hunter2'],
    ['DB_PASSWORD', 'admin'],
    ['DB_SECRET', 'prod-db-password-v2'],
    ['SESSION_SECRET', 'keyboard cat'],
    ['JAVA_OPTS', '-Xmx512m -Djavax.net.ssl.trustStorePassword=changeit'],
  ])('has only the confidence of its name when it is words: %s=%s', async (name, text) => {
    expect(await detections(name, text)).toEqual(['secret-name/name']);
  });
});

describe('T14: a value that is no secret', () => {
  it.each([
    ['MYSQL_ALLOW_EMPTY_PASSWORD', 'yes'],
    ['DB_SECRET_NAME', 'foo'],
    ['DB_SECRET_NAME', made(20)],
    ['DB_PASSWORD', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-password-AbCdEf'],
    ['DB_SECRET_ARN', 'arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:db-AbCdEf'],
    ['DB_PASSWORD', '/prod/database/password'],
    ['DB_PASSWORD_FILE', '/run/secrets/db-password'],
    ['SSL_PRIVATE_KEY', '/etc/pki/tls/private/server.key'],
    ['TOKEN', 'https://auth.example.com/oauth2/token'],
    ['OAUTH_TOKEN_URL', 'https://auth.example.com:8443/token?grant_type=client_credentials'],
    ['DB_PASSWORD', '${DB_PASSWORD}'],
    ['DB_PASSWORD', '$DB_PASSWORD'],
    ['DB_PASSWORD', '{{ db_password }}'],
    ['DB_PASSWORD', '<password>'],
    ['DB_PASSWORD', '********'],
    ['DATABASE_URL', 'postgres://app:${DB_PASSWORD}@db:5432/app'],
    ['DATABASE_URL', 'postgres://db:5432/app'],
    ['DB_PASSWORD', 'foo'],
    ['DB_PASSWORD', ''],
    ['PASSWORD_MIN_LENGTH', '12'],
    ['TOKEN_TTL', '3600s'],
    ['MAX_TOKENS', '4096'],
    ['TOKENIZERS_PARALLELISM', 'false'],
    ['PUBLIC_KEY', made(40)],
    ['KMS_KEY_ID', '1234abcd-12ab-34cd-56ef-1234567890ab'],
    ['GIT_COMMIT', made(40, HEX)],
    ['IMAGE', `app@sha256:${made(64, HEX)}`],
    ['CACHE_KEY', 'sessions'],
    ['SECRET', 'vault:secret/data/app#token'],
    ['command', 'node server.js --port 8080 --token-file /run/token --password-stdin'],
    ['command', 'CMD-SHELL curl -f http://localhost:8080/health || exit 1'],
    ['GPG_KEY', FINGERPRINT],
    ['GPG_KEY', FINGERPRINT.toLowerCase()],
    ['GPG_COUCH_KEY', FINGERPRINT],
    ['RELEASE_PGP_KEYS', `0x${FINGERPRINT}`],
    ['SWIFT_SIGNING_KEY', FINGERPRINT],
    ['SIGNING_KEY_FINGERPRINT', FINGERPRINT],
    ['TOKEN_HELPER_SHA256', made(64, HEX)],
    ['SECRETS_OPERATOR_CHECKSUM', made(64, HEX)],
    ['SECRETS_OPERATOR_COMMIT', made(40, HEX)],
    ['command', `key='${FINGERPRINT}'; gpg --batch --keyserver keys.openpgp.org --recv-keys "$key"`],
    ['command', `gpg --batch --recv-keys ${FINGERPRINT}`],
    ['command', `apt-key adv --recv-keys --keyserver keyserver.ubuntu.com ${FINGERPRINT}`],
  ])('%s=%s', async (name, text) => {
    expect(await detections(name, text)).toEqual([]);
  });
});

describe('T14: forty hexadecimal digits are a fingerprint only under a name that speaks of one', () => {
  it.each(['TOKEN', 'GITHUB_TOKEN', 'CLIENT_SECRET', 'DB_PASSWORD', 'API_KEY', 'NPM_ACCESS_KEY', 'JWT_SIGNING_KEY'])(
    'under %s they stay a secret, small or in capitals',
    async (name) => {
      expect(await detections(name, FINGERPRINT.toLowerCase())).toEqual(['generic-secret/value']);
      expect(await detections(name, FINGERPRINT)).toEqual(['generic-secret/value']);
      expect(await detections('command', `run --${name}=${FINGERPRINT}`)).toEqual(['generic-secret/value']);
    },
  );

  it.each([
    ['LICENSE_KEY', FINGERPRINT.toLowerCase()],
    ['NEW_RELIC_LICENSE_KEY', FINGERPRINT],
    ['SEGMENT_WRITE_KEY', FINGERPRINT.toLowerCase()],
    ['KEY', FINGERPRINT.toLowerCase()],
    ['CALLBACK_URL', `https://example.com/hook?key=${FINGERPRINT.toLowerCase()}`],
    ['GPG_KEY', `${FINGERPRINT}${made(24)}`],
    ['GPG_KEY', made(40)],
    ['GPG_PRIVATE_KEY', FINGERPRINT],
    ['GPG_PASSPHRASE', FINGERPRINT],
    ['PGP_SECRET_KEY', FINGERPRINT],
  ])('%s=%s is a secret', async (name, text) => {
    expect(await detections(name, text)).toEqual(['generic-secret/value']);
  });
});

describe('what is kept of a text', () => {
  it('is its length and a keyed hash that tells equal from different', async () => {
    const one = await classify('A', 'the same text');
    const two = await classify('B', 'the same text');
    const three = await classify('A', 'another text!');
    expect(one).toMatchObject({ length: 13, keyedHash: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(two.keyedHash).toBe(one.keyedHash);
    expect(three.keyedHash).not.toBe(one.keyedHash);
  });

  it('has another hash under another key, so that hashes of two deployments say nothing about each other', async () => {
    const other = createClassifier({ hashKey: new TextEncoder().encode('another key') });
    expect((await other('A', 'the same text')).keyedHash).not.toBe((await classify('A', 'the same text')).keyedHash);
  });

  it('never holds the text, whatever the text is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('DB_PASSWORD', 'command', 'label', 'API_KEY'),
        fc.string({ unit: 'binary', minLength: 24, maxLength: 200 }),
        async (name, text) => {
          expect(JSON.stringify(await classify(name, text))).not.toContain(JSON.stringify(text).slice(1, -1));
        },
      ),
    );
  });

  it('takes hostile texts in bounded time', async () => {
    const started = performance.now();
    for (const piece of ['-----BEGIN ', 'eyJa', '--a ', 'a://:', 'a=', '"a":', 'password=', 'A1b', '/a', '_-', '-p']) {
      await classify('DB_PASSWORD', piece.repeat(20_000));
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
