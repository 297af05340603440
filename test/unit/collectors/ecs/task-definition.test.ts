import { describe, expect, it } from 'vitest';
import { daemonTaskDefinitionFrom, taskDefinitionFrom } from '#shared/collectors/ecs/task-definition.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { apiDaemonTaskDefinition, apiTaskDefinition } from '#test/factories/ecs-api.ts';

const classify = createClassifier({ hashKey: new TextEncoder().encode('a test key') });
const SECRET = `gh${'p_'}${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fJ3lR6'}`;

describe('a task definition', () => {
  it('keeps what was set and leaves out what was not', async () => {
    const revision = await taskDefinitionFrom(
      apiTaskDefinition('web', 7, { containerDefinitions: [{ name: 'app', image: 'web' }] }),
      classify,
    );
    expect(revision.containers).toEqual([
      {
        name: 'app',
        image: 'web',
        essential: true,
        capabilitiesAdd: [],
        capabilitiesDrop: [],
        dockerSecurityOptions: [],
        entryPoint: [],
        command: [],
        environment: [],
        environmentFiles: [],
        secrets: [],
        dockerLabels: [],
        mountPoints: [],
        volumesFrom: [],
        portMappings: [],
      },
    ]);
    expect(revision).not.toHaveProperty('pidMode');
    expect(revision).not.toHaveProperty('operatingSystemFamily');
  });

  it('T15: holds no secret, wherever it was written, but says where one is', async () => {
    const revision = await taskDefinitionFrom(
      apiTaskDefinition('web', 7, {
        containerDefinitions: [
          {
            name: 'app',
            image: 'web',
            environment: [{ name: 'TOKEN', value: SECRET }],
            command: ['--token', SECRET],
            entryPoint: [SECRET],
            dockerLabels: { token: SECRET },
            logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': SECRET } },
            healthCheck: { command: ['CMD-SHELL', `curl -H "Authorization: Bearer ${SECRET}" localhost`] },
          },
        ],
      }),
      classify,
    );
    expect(JSON.stringify(revision)).not.toContain(SECRET);
    const [container] = revision.containers;
    const found = [
      container?.environment[0]?.text,
      container?.command[1],
      container?.entryPoint[0],
      container?.dockerLabels[0]?.text,
      container?.logConfiguration?.options[0]?.text,
      container?.healthCheck?.command[1],
    ];
    for (const text of found) {
      expect(text?.detections).toContainEqual({ detector: 'github-token', confidence: 'value' });
    }
    expect(container).not.toHaveProperty('firstProgram');
  });

  it.each([
    [['/sbin/tini', '--'], undefined, '/sbin/tini'],
    [undefined, ['dumb-init', 'node'], 'dumb-init'],
    [['sh', '-c'], ['run'], 'sh'],
    [undefined, ['hunter2'], undefined],
    [undefined, ['S3cret-Passw0rd!'], undefined],
    [undefined, ['two words'], undefined],
  ])('shows the first program only where it is one: %j %j', async (entryPoint, command, expected) => {
    const containerDefinitions = [{ name: 'app', image: 'web', entryPoint, command }];
    const revision = await taskDefinitionFrom(apiTaskDefinition('web', 7, { containerDefinitions }), classify);
    expect(revision.containers[0]?.firstProgram).toBe(expected);
  });

  it.each([
    ['a token', SECRET],
    ['a password', 'Tr0ub4dor&3!horse'],
  ])('T15: does not show %s where a reference to a secret should stand', async (_, mistaken) => {
    const revision = await taskDefinitionFrom(
      apiTaskDefinition('web', 7, {
        containerDefinitions: [
          {
            name: 'app',
            image: 'web',
            secrets: [{ name: 'DB_PASSWORD', valueFrom: mistaken }],
            logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'splunk-token', valueFrom: mistaken }] },
          },
        ],
      }),
      classify,
    );
    expect(JSON.stringify(revision)).not.toContain(mistaken);
    const [container] = revision.containers;
    for (const reference of [container?.secrets[0], container?.logConfiguration?.secretOptions[0]]) {
      expect(reference?.valueFrom).toBe('');
      expect(reference?.text?.detections).toMatchObject([{ confidence: 'value' }]);
    }
  });

  it.each([
    'arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-Ab12Cd:password::',
    'arn:aws:ssm:us-east-1:111122223333:parameter/prod/db/password',
    '/prod/db/password',
    'ProdDbPassw0rd_2',
  ])('shows the reference %s', async (valueFrom) => {
    const secrets = [{ name: 'DB_PASSWORD', valueFrom }];
    const revision = await taskDefinitionFrom(
      apiTaskDefinition('web', 7, { containerDefinitions: [{ name: 'app', image: 'web', secrets }] }),
      classify,
    );
    expect(revision.containers[0]?.secrets).toEqual(secrets);
  });

  it('classifies a word under the flag before it', async () => {
    const containerDefinitions = [{ name: 'app', image: 'web', command: ['mysqld', '--password', 'hunter2'] }];
    const revision = await taskDefinitionFrom(apiTaskDefinition('web', 7, { containerDefinitions }), classify);
    expect(revision.containers[0]?.command.map(({ detections }) => detections.length)).toEqual([0, 0, 1]);
  });

  it('tells the kinds of volumes apart', async () => {
    const revision = await taskDefinitionFrom(
      apiTaskDefinition('web', 7, {
        volumes: [
          { name: 'docker-socket', host: { sourcePath: '/var/run/docker.sock' } },
          { name: 'scratch' },
          { name: 'bind', host: {} },
          { name: 'named', dockerVolumeConfiguration: { driver: 'local' } },
          { name: 'ebs', configuredAtLaunch: true },
          {
            name: 'efs',
            efsVolumeConfiguration: {
              fileSystemId: 'fs-1',
              transitEncryption: 'ENABLED',
              authorizationConfig: { iam: 'ENABLED' },
            },
          },
        ],
      }),
      classify,
    );
    expect(revision.volumes).toEqual([
      { name: 'docker-socket', kind: 'host', hostSourcePath: '/var/run/docker.sock' },
      { name: 'scratch', kind: 'scratch' },
      { name: 'bind', kind: 'scratch', hostSourcePath: '' },
      { name: 'named', kind: 'docker' },
      { name: 'ebs', kind: 'configured-at-launch' },
      { name: 'efs', kind: 'efs', efs: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED', iam: 'ENABLED' } },
    ]);
  });

  it('may come from a file that was never registered, or from one that was described', async () => {
    const file = {
      family: 'web',
      containerDefinitions: [{ name: 'app', image: 'web' }],
      registeredAt: '2026-11-01T10:00:00+02:00',
    };
    expect(await taskDefinitionFrom(file as never, classify)).toMatchObject({
      arn: 'web',
      revision: 0,
      status: 'ACTIVE',
      registeredAt: '2026-11-01T08:00:00.000Z',
    });
  });
});

describe('the task definition of a daemon', () => {
  it('has the same form, and runs on managed instances', async () => {
    const definition = apiDaemonTaskDefinition({
      pidMode: 'shared',
      ipcMode: 'none',
      volumes: [{ name: 'root', host: { sourcePath: '/' } }],
    });
    expect(await daemonTaskDefinitionFrom(definition, classify)).toMatchObject({
      arn: 'arn:aws:ecs:us-east-1:111122223333:daemon-task-definition/agent:2',
      family: 'agent',
      status: 'ACTIVE',
      pidMode: 'shared',
      ipcMode: 'none',
      requiresCompatibilities: ['MANAGED_INSTANCES'],
      volumes: [{ kind: 'host', hostSourcePath: '/' }],
    });
  });
});
