import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { WrongTypeError } from '#shared/collectors/kubernetes/raw-fields.ts';
import { readPodMetadata, readPodSpec } from '#shared/collectors/kubernetes/read-pod-spec.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';

const classify = createClassifier({ hashKey: randomBytes(32) });
const read = (spec: unknown, path = 'spec') => readPodSpec(spec, path, classify);
const container = async (fields: object) => {
  const [first] = (await read({ containers: [fields] })).containers;
  if (first === undefined) throw new Error('no container');
  return first;
};

describe('a PodSpec is read', () => {
  test('with all three lists of containers, each under its own field path', async () => {
    const spec = await read(
      {
        containers: [{ name: 'app' }],
        initContainers: [{ name: 'wait', restartPolicy: 'Always' }],
        ephemeralContainers: [{ name: 'debug' }],
      },
      'spec.template.spec',
    );

    expect(spec.containers.map(({ list, path, name }) => [list, path, name])).toEqual([
      ['containers', 'spec.template.spec.containers[0]', 'app'],
      ['initContainers', 'spec.template.spec.initContainers[0]', 'wait'],
      ['ephemeralContainers', 'spec.template.spec.ephemeralContainers[0]', 'debug'],
    ]);
    expect(spec.containers[1]?.restartPolicy).toBe('Always');
  });

  test.each([[null], [undefined], [{}], [{ containers: null }], [{ securityContext: null, volumes: null }]])(
    'where it is %j, as an empty one',
    async (raw) => {
      expect(await read(raw)).toEqual({
        path: 'spec',
        nodeSelector: {},
        containers: [],
        volumes: [],
        imagePullSecrets: [],
      });
    },
  );

  test('with null in the place of a container as an empty container, as the API server decodes it', async () => {
    expect((await read({ containers: [null] })).containers).toHaveLength(1);
  });

  test('with an explicit false kept apart from what was not said', async () => {
    const spec = await read({ hostNetwork: false, automountServiceAccountToken: false });

    expect(spec).toMatchObject({ hostNetwork: false, automountServiceAccountToken: false });
    expect(spec).not.toHaveProperty('hostPID');
  });

  test('with the old name of the service account field', async () => {
    expect(await read({ serviceAccount: 'old' })).toMatchObject({ serviceAccountName: 'old' });
    expect(await read({ serviceAccount: 'old', serviceAccountName: 'new' })).toMatchObject({
      serviceAccountName: 'new',
    });
  });

  test('with every field of the security contexts that admission looks at', async () => {
    const common = {
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      seLinuxOptions: { type: 'spc_t', user: 'u', role: 'r', level: 'l' },
      seccompProfile: { type: 'Localhost', localhostProfile: 'p.json' },
      appArmorProfile: { type: 'Unconfined' },
      windowsOptions: { hostProcess: true, runAsUserName: 'ContainerUser' },
    };
    const pod = {
      ...common,
      fsGroup: 0,
      supplementalGroups: [0, 5],
      sysctls: [{ name: 'kernel.msgmax', value: '1' }],
    };
    const own = {
      ...common,
      privileged: true,
      allowPrivilegeEscalation: true,
      readOnlyRootFilesystem: false,
      procMount: 'Unmasked',
      capabilities: { add: ['SYS_ADMIN'], drop: ['ALL'] },
    };

    const spec = await read({ securityContext: pod, containers: [{ securityContext: own }] });

    expect(spec.securityContext).toEqual(pod);
    expect(spec.containers[0]?.securityContext).toEqual(own);
  });

  test('with quantities as they were written, as numbers or texts', async () => {
    const { resources } = await container({ resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { cpu: 0.5 } } });

    expect(resources).toEqual({ requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '0.5' } });
  });

  test('without the values of variables and the words of commands, which are classified', async () => {
    const spec = await container({
      env: [
        { name: 'DB_PASSWORD', value: 'hunter2-Tr0ub4dor' },
        { name: 'EMPTY' },
        { name: 'FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: 'BOTH', value: 'x', valueFrom: { secretKeyRef: { name: 'db' } } },
      ],
      envFrom: [{ secretRef: { name: 'all' } }, { configMapRef: { name: 'settings' } }],
      command: ['/app', '--password', 'hunter2-Tr0ub4dor'],
      args: ['serve'],
    });

    expect(JSON.stringify(spec)).not.toContain('hunter2');
    expect(spec.env).toEqual([
      { name: 'DB_PASSWORD', value: expect.objectContaining({ detections: [expect.anything()] }) },
      { name: 'EMPTY', value: expect.objectContaining({ length: 0 }) },
      { name: 'FROM', from: 'secretKeyRef', object: 'db' },
      { name: 'NODE', from: 'fieldRef' },
      { name: 'BOTH', value: expect.objectContaining({ length: 1 }) },
    ]);
    expect(spec.envFrom).toEqual([
      { from: 'secretRef', object: 'all' },
      { from: 'configMapRef', object: 'settings' },
    ]);
    expect(spec.words.map(({ path, text }) => [path, text.detections.length])).toEqual([
      ['spec.containers[0].command[0]', 0],
      ['spec.containers[0].command[1]', 0],
      ['spec.containers[0].command[2]', 1],
      ['spec.containers[0].args[0]', 0],
    ]);
  });

  test('with signs that it speaks to AWS, by kind and never by value', async () => {
    const { awsSigns } = await container({
      env: [
        { name: 'AWS_REGION', value: 'eu-west-1' },
        { name: 'AWS_ENDPOINT_URL_S3', value: 'http://s3' },
        { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
        { name: 'AWS_PAGER', value: '' },
      ],
      args: ['--from=s3://bucket/key', '--role', 'arn:aws:iam::111122223333:role/x'],
    });

    expect(awsSigns).toEqual([
      'args arn:',
      'args s3://',
      'env AWS_ENDPOINT_URL_S3',
      'env AWS_REGION',
      'env AWS_STS_REGIONAL_ENDPOINTS',
    ]);
  });

  test('with the action and the host of probes and hooks', async () => {
    const { probes, lifecycle } = await container({
      livenessProbe: { httpGet: { host: 'example.com', port: 'http' }, periodSeconds: 5 },
      readinessProbe: { exec: { command: ['true'] } },
      startupProbe: {},
      lifecycle: { postStart: { tcpSocket: { host: '', port: 1 } }, preStop: { sleep: { seconds: 5 } } },
    });

    expect(probes).toEqual([
      { field: 'livenessProbe', kind: 'httpGet', host: 'example.com' },
      { field: 'readinessProbe', kind: 'exec' },
      { field: 'startupProbe' },
    ]);
    expect(lifecycle).toEqual([
      { field: 'lifecycle.postStart', kind: 'tcpSocket' },
      { field: 'lifecycle.preStop', kind: 'sleep' },
    ]);
  });

  test('with what probes and hooks run and send, classified as well', async () => {
    const secret = 'AKIAIOSFODNN7EXAMPL2';
    const { words } = await container({
      livenessProbe: { exec: { command: ['check', '--password', 'Xq7!bTz9#kLm2pWs'] } },
      readinessProbe: { httpGet: { port: 1, httpHeaders: [{ name: 'X-Key', value: secret }, null] } },
      lifecycle: { preStop: { exec: { command: ['stop'] } } },
    });

    expect(words.map(({ path, text }) => [path, text.detections.length > 0])).toEqual([
      ['spec.containers[0].livenessProbe.exec.command[0]', false],
      ['spec.containers[0].livenessProbe.exec.command[1]', false],
      ['spec.containers[0].livenessProbe.exec.command[2]', true],
      ['spec.containers[0].readinessProbe.httpGet.httpHeaders[0].value', true],
      ['spec.containers[0].readinessProbe.httpGet.httpHeaders[1].value', false],
      ['spec.containers[0].lifecycle.preStop.exec.command[0]', false],
    ]);
    expect(JSON.stringify(words)).not.toContain(secret);
  });

  test('with the kind of each volume by its key, also of kinds that are not known yet', async () => {
    const { volumes } = await read({
      volumes: [
        { name: 'a', hostPath: { path: '/var/run/docker.sock', type: 'Socket' } },
        { name: 'b', emptyDir: { medium: 'Memory', sizeLimit: 1000 } },
        { name: 'c', emptyDir: {} },
        { name: 'd' },
        { name: 'e', hostPath: null, futureKind: {} },
        {
          name: 'f',
          projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'vault' } }, { configMap: {} }] },
        },
      ],
    });

    expect(volumes).toEqual([
      {
        name: 'a',
        path: 'spec.volumes[0]',
        sources: ['hostPath'],
        hostPath: { path: '/var/run/docker.sock', type: 'Socket' },
        tokens: [],
      },
      {
        name: 'b',
        path: 'spec.volumes[1]',
        sources: ['emptyDir'],
        emptyDir: { medium: 'Memory', sizeLimit: '1000' },
        tokens: [],
      },
      { name: 'c', path: 'spec.volumes[2]', sources: ['emptyDir'], emptyDir: {}, tokens: [] },
      { name: 'd', path: 'spec.volumes[3]', sources: ['emptyDir'], emptyDir: {}, tokens: [] },
      { name: 'e', path: 'spec.volumes[4]', sources: ['futureKind'], tokens: [] },
      { name: 'f', path: 'spec.volumes[5]', sources: ['projected'], tokens: [{ audience: 'vault', path: 'token' }] },
    ]);
  });

  test.each([
    [{ hostNetwork: 'true' }, 'spec.hostNetwork', 'true or false'],
    [
      { containers: [{ securityContext: { runAsUser: '0' } }] },
      'spec.containers[0].securityContext.runAsUser',
      'a number',
    ],
    [
      { containers: [{ securityContext: { runAsUser: 1.5 } }] },
      'spec.containers[0].securityContext.runAsUser',
      'whole',
    ],
    [{ containers: [{ env: [{ name: 'PORT', value: 80 }] }] }, 'spec.containers[0].env[0].value', 'a text'],
    [{ containers: { app: {} } }, 'spec.containers', 'a list'],
    [{ containers: ['app'] }, 'spec.containers[0]', 'a mapping'],
    [{ nodeSelector: { ssd: true } }, 'spec.nodeSelector.ssd', 'a text'],
    ['nginx', 'spec', 'a mapping'],
    [[], 'spec', 'a mapping'],
  ])('not at all where the API server would not decode it: %j', async (raw, path, expected) => {
    const error = await read(raw).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(WrongTypeError);
    expect((error as WrongTypeError).problems).toEqual([{ path, message: expect.stringContaining(expected) }]);
  });
});

describe('the metadata of a pod is read', () => {
  test('with its labels, and with the annotations that were rules of the kubelet only', async () => {
    const metadata = await readPodMetadata(
      {
        metadata: {
          labels: { b: '2', a: '1' },
          annotations: {
            'container.apparmor.security.beta.kubernetes.io/app': 'unconfined',
            'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
            'example.com/note': 'AKIAIOSFODNN7EXAMPLE',
          },
        },
      },
      '',
      classify,
    );

    expect(metadata).toEqual({
      labels: { a: '1', b: '2' },
      annotations: {
        'container.apparmor.security.beta.kubernetes.io/app': 'unconfined',
        'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
      },
    });
  });

  test('without values of labels that look like secrets', async () => {
    const token = `ghp_${'a1B2c3D4e5'.repeat(3)}f6G7h8`;
    const { labels } = await readPodMetadata({ metadata: { labels: { app: 'shop', token } } }, '', classify);

    expect(labels.app).toBe('shop');
    expect(labels.token).toContain('withheld');
  });
});
