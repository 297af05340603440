import { describe, expect, test } from 'vitest';
import { dockerfileNoSecrets } from '#shared/checks/dockerfile/dockerfile-no-secrets.ts';
import { leftoverKind } from '#shared/collectors/images/layer-files.ts';
import { isSecretFolder, mayHoldSecret, secretFileKind } from '#shared/domain/secret-files.ts';
import { judgeText } from '#test/support/judge-dockerfile.ts';

describe('a file that holds secrets is known by its name, copied by a Dockerfile and in a layer alike', () => {
  test.for([
    ['app/.env', 'environment-file'],
    ['app/.env.production', 'environment-file'],
    ['app/.envrc', 'environment-file'],
    ['app/prod.env', 'environment-file'],
    ['app/server.key', 'private-key'],
    ['app/tls.key', 'private-key'],
    ['app/key.pem', 'private-key'],
    ['app/privkey.pem', 'private-key'],
    ['certs/server-key.pem', 'private-key'],
    ['certs/private_key.der', 'private-key'],
    ['root/.ssh/id_rsa', 'private-key'],
    ['root/.ssh/id_rsa.bak', 'private-key'],
    ['root/.ssh/id_ed25519', 'private-key'],
    ['etc/ssh/ssh_host_ed25519_key', 'private-key'],
    ['app/keystore.jks', 'private-key'],
    ['app/pg.key', 'private-key'],
    ['app/private-gpg.key', 'private-key'],
    ['app/signing.p12', 'private-key'],
    ['root/.gnupg/private-keys-v1.d/0A1B.key', 'private-key'],
    ['root/.kube/config', 'credentials-file'],
    ['app/kubeconfig', 'credentials-file'],
    ['root/.aws/credentials', 'credentials-file'],
    ['root/.docker/config.json', 'credentials-file'],
    ['root/.config/gcloud/application_default_credentials.json', 'credentials-file'],
    ['app/terraform.tfstate', 'credentials-file'],
    ['app/terraform.tfstate.backup', 'credentials-file'],
    ['srv/.htpasswd', 'credentials-file'],
    ['root/.netrc', 'credentials-file'],
  ] as const)('%s is a %s', async ([path, kind]) => {
    expect(secretFileKind(path)).toBe(kind);
    expect(leftoverKind(path)).toBe(kind);
    expect(await judgeText(dockerfileNoSecrets, `FROM a:1.2\nCOPY ${path} /x\n`)).toMatchObject({
      status: 'FAILED',
      severity: 'HIGH',
      reason: 'a file that holds secrets is copied',
    });
  });

  test.for([
    'app/.env.example',
    'app/example.env',
    'app/.environment',
    'app/license.key',
    'app/public.key',
    'app/server.pub',
    'root/.ssh/id_rsa.pub',
    'root/.ssh/authorized_keys',
    'app/key.pem.sample',
    'app/truststore.jks',
    'etc/ssl/private/ssl-cert-snakeoil.key',
    'nodesource.gpg.key',
    'app/ca.pem',
    'release.pgp-key',
    'app/keys.ts',
    'app/config.json',
    'app/monkey.json',
    `app/${'x'.repeat(300)}.key`,
  ])('%s is none', async (path) => {
    expect(secretFileKind(path)).toBeUndefined();
    expect(leftoverKind(path)).toBeUndefined();
    expect((await judgeText(dockerfileNoSecrets, `FROM a:1.2\nCOPY ${path} /x\n`)).status).toBe('PASSED');
  });

  test('settings of npm may hold a token', () => {
    expect(mayHoldSecret('root/.npmrc')).toBe(true);
    expect(leftoverKind('root/.npmrc')).toBe('credentials-file');
  });

  test('folders of secrets are named by Dockerfiles alone, because layers have their files', () => {
    expect(['.ssh', 'home/app/.aws/', '.gnupg', '.kube', '.docker'].every(isSecretFolder)).toBe(true);
    expect(isSecretFolder('ssh')).toBe(false);
  });

  test('names without an end take no time', () => {
    const start = performance.now();
    for (const piece of ['/', 'a', '.key', 'private', 'key_', '.env.', 'pgp-', 'priv', '.'])
      for (const end of ['', 'x', '/', '.pem']) secretFileKind(piece.repeat(60_000) + end);

    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('in a layer', () => {
  test.for([
    'usr/share/doc/openssl/demo/server.key',
    'usr/local/lib/python3.12/site-packages/tornado/test/test.key',
    'app/.venv/lib/python3.12/site-packages/tornado/server.key',
    'app/node_modules/x/server.key',
    'app/node_modules/x/.env',
    'usr/local/bundle/gems/puma/examples/key.pem',
    'usr/local/go/src/crypto/tls/server.key',
    'src/testdata/server.key',
    'etc/apt/keyrings/docker.key',
    'var/lib/unbound/root.key',
  ])('what packages bring is none of the image: %s', (path) => {
    expect(leftoverKind(path)).toBeUndefined();
  });

  test.for([
    'root/.m2/repository/org/x.jar',
    'root/.composer/cache/files/x.zip',
    'home/app/.cache/composer/files/x.zip',
    'usr/local/share/.cache/yarn/v6/x',
    'go/pkg/mod/golang.org/x/net@v0.1.0/server.key',
    'root/go/pkg/mod/cache/download/x',
    'root/.gradle/caches/8.10/x',
  ])('is a package cache: %s', (path) => {
    expect(leftoverKind(path)).toBe('package-cache');
  });
});
