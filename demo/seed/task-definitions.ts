import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { RegisteredTaskDefinition } from '../world/ecs-state.ts';
import { goodContainer, onInstances, type TaskDefinitionSettings, taskDefinition } from './task-definition.ts';
import { homeAccount, imageUri, roleArn } from './tidewater.ts';

/** A family that breaks practices on container level only. */
function flawed(
  family: string,
  revision: number,
  container: Partial<ContainerDefinition>,
  more: TaskDefinitionSettings = {},
): RegisteredTaskDefinition {
  return taskDefinition(family, revision, { containerDefinitions: [goodContainer(family, container)], ...more });
}

/**
 * Secrets that look real to a detector and open nothing. They are put together here, so that no scanner of source
 * code takes this file for a leak.
 */
const fakeSecrets = {
  accessKeyId: ['AKIA', 'Q3EGTIDEWATER7ZB'].join(''),
  secretAccessKey: ['9drTJvcXLB89EXAMPLE', 'LB8923FB892xMFI+Qw1Ze'].join('/'),
  databaseUrl: [
    'postgres://importer:',
    'Br1ny-Deep-Tide-42',
    '@recipes.cluster-c1.us-east-1.rds.amazonaws.com:5432/recipes',
  ].join(''),
  webhook: ['https://hooks.slack.com/services', 'T00000000', 'B00000000', 'x'.repeat(24)].join('/'),
};

/** The task definitions of Tidewater Foods, good ones first. */
export function seedTaskDefinitions(): RegisteredTaskDefinition[] {
  return [...goodFamilies(), ...flawedOnFargate(), ...flawedOnInstances()];
}

function goodFamilies(): RegisteredTaskDefinition[] {
  const orders = goodContainer('orders-api', {
    image: imageUri('tidewater/orders-api', 'v8.0.0'),
    logConfiguration: { logDriver: 'awsfirelens', options: { Name: 'cloudwatch_logs' } },
    dependsOn: [{ containerName: 'log-router', condition: 'START' }],
  });
  const router: ContainerDefinition = {
    ...goodContainer('orders-api'),
    name: 'log-router',
    image: imageUri('tidewater/log-router', 'v2.34.0'),
    essential: true,
    portMappings: [],
    secrets: [],
    firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } },
    healthCheck: { command: ['CMD-SHELL', 'curl -sf http://localhost:2020/api/v1/uptime || exit 1'], interval: 30 },
  };
  const before = { ...orders, image: imageUri('tidewater/orders-api', 'v7.0.0') };
  return [
    taskDefinition('secure-app', 11, {
      status: 'INACTIVE',
      containerDefinitions: [goodContainer('secure-app', { image: imageUri('tidewater/secure-app', 'v1.2.2') })],
    }),
    taskDefinition('secure-app', 12),
    taskDefinition('orders-api', 7, { containerDefinitions: [before, router] }),
    taskDefinition('orders-api', 8, { containerDefinitions: [orders, router] }),
    taskDefinition('pos-gateway', 4, {
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'X86_64' },
      cpu: '1024',
      memory: '4096',
      containerDefinitions: [windowsContainer()],
    }),
  ];
}

/** Windows knows neither Linux users nor capabilities nor a read-only root. */
function windowsContainer(): ContainerDefinition {
  const { user, readonlyRootFilesystem, linuxParameters, ...container } = goodContainer('pos-gateway', {
    image: imageUri('tidewater/pos-gateway', 'v4.4.2'),
    healthCheck: { command: ['CMD', 'powershell', '-Command', 'Invoke-WebRequest http://localhost:8080/health'] },
  });
  return container;
}

function flawedOnFargate(): RegisteredTaskDefinition[] {
  const { logConfiguration, healthCheck, user, ...bare } = goodContainer('storefront');
  return [
    taskDefinition('storefront', 31, {
      containerDefinitions: [
        {
          ...bare,
          image: imageUri('tidewater/storefront', 'latest'),
          versionConsistency: 'disabled',
          readonlyRootFilesystem: false,
        },
      ],
    }),
    flawed('recipe-importer', 5, {
      image: imageUri('tidewater/recipe-importer', 'v0.4.1'),
      secrets: [],
      environment: [
        { name: 'AWS_ACCESS_KEY_ID', value: fakeSecrets.accessKeyId },
        { name: 'AWS_SECRET_ACCESS_KEY', value: fakeSecrets.secretAccessKey },
        { name: 'DATABASE_URL', value: fakeSecrets.databaseUrl },
      ],
      dockerLabels: { 'com.tidewater.alerts': fakeSecrets.webhook },
    }),
    flawed('freight-tracker', 9, { image: imageUri('tidewater/freight-tracker', 'v1.0.9') }),
    flawed('loyalty-points', 2, { image: 'docker.io/tidewaterfoods/loyalty:2.0.1' }),
    taskDefinition('price-feed', 6, {
      executionRoleArn: roleArn('price-feed'),
      taskRoleArn: roleArn('price-feed'),
      containerDefinitions: [goodContainer('price-feed', { image: imageUri('partners/price-feed', 'v3.3.0') })],
    }),
    flawed('price-refresh', 3, { image: imageUri('partners/price-feed', 'v3.3.0'), user: '0' }),
    flawed('nightly-reconcile', 14, { image: imageUri('tidewater/secure-app', 'v1.2.3'), user: 'root' }),
    flawed('capabilities-lab', 1, { linuxParameters: { capabilities: { add: ['SYS_PTRACE'], drop: [] } } }),
    flawed('fault-injection-lab', 1, {}, { enableFaultInjection: true }),
    flawed('env-files', 2, {
      environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::tidewater-config/env-files/production.env' }],
    }),
    flawed('no-health-check', 1, { healthCheck: { command: ['NONE'] } }),
    taskDefinition('efs-uploads', 3, {
      containerDefinitions: [
        goodContainer('efs-uploads', { mountPoints: [{ sourceVolume: 'uploads', containerPath: '/uploads' }] }),
      ],
      volumes: [
        {
          name: 'uploads',
          efsVolumeConfiguration: { fileSystemId: 'fs-0a1b2c3d', rootDirectory: '/', transitEncryption: 'DISABLED' },
        },
      ],
    }),
  ];
}

function flawedOnInstances(): RegisteredTaskDefinition[] {
  const billing = { image: imageUri('legacy/billing', '2024-06'), memory: 512 };
  const socket = { name: 'docker', host: { sourcePath: '/var/run/docker.sock' } };
  const { linuxParameters, ...uninitialized } = goodContainer('unbounded-worker', { memoryReservation: 128 });
  const { cpu, memory, ...unbounded } = taskDefinition('unbounded-worker', 2, {
    ...onInstances,
    containerDefinitions: [uninitialized],
  }).taskDefinition;
  return [
    flawed('legacy-billing', 3, { ...billing, user: 'root' }, { ...onInstances, status: 'INACTIVE' }),
    flawed('legacy-billing', 4, { ...billing, image: imageUri('legacy/billing', '2025-01') }, onInstances),
    flawed(
      'host-monitor',
      17,
      {
        privileged: true,
        image: 'quay.io/tidewater/host-monitor:0.9',
        mountPoints: [{ sourceVolume: 'docker', containerPath: '/var/run/docker.sock', readOnly: true }],
        linuxParameters: { capabilities: { add: ['SYS_ADMIN', 'NET_ADMIN'], drop: [] } },
      },
      { ...onInstances, networkMode: 'host', pidMode: 'host', volumes: [socket] },
    ),
    flawed(
      'shell-runner',
      8,
      {
        mountPoints: [{ sourceVolume: 'etc', containerPath: '/host/etc' }],
        command: ['/bin/sh', '-c', `curl -u ops:${fakeSecrets.secretAccessKey} https://runner.tidewater.example/run`],
      },
      {
        ...onInstances,
        ipcMode: 'host',
        volumes: [{ name: 'etc', host: { sourcePath: '/etc' } }],
        taskRoleArn: `arn:aws:iam::${homeAccount}:role/shell-runner-task`,
      },
    ),
    { taskDefinition: unbounded, tags: [] },
    flawed('metrics-agent', 1, { image: imageUri('tidewater/log-router', 'v2.34.0'), memory: 256 }, onInstances),
  ];
}
