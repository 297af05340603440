import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import type { EcsTaskDefinitionFamily } from '../../collectors/ecs/model.ts';
import { tagsFrom } from '../../collectors/ecs/tags.ts';
import { taskDefinitionFrom } from '../../collectors/ecs/task-definition.ts';
import { type Classify, readFields } from '../../collectors/kubernetes/raw-fields.ts';
import { known } from '../../domain/observed.ts';
import type { DocumentSource, LintedResource } from './document-source.ts';
import { NOWHERE } from './identity.ts';

/**
 * Null stands for what was not set, as the AWS CLI writes it in the skeletons it generates. Keys keep their values as
 * they are; only those that are read are looked at.
 */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => value ?? undefined, schema.optional()) as z.ZodType<z.output<T> | undefined>;
const text = optional(z.string());
const flag = optional(z.boolean());
const count = optional(z.number());
const numeric = optional(z.union([z.string(), z.number()]).transform(String));
const texts = optional(z.array(z.string()));
const records = <T extends z.ZodRawShape>(shape: T) => optional(z.array(z.object(shape)));
const record = <T extends z.ZodRawShape>(shape: T) => optional(z.object(shape));
const textMap = optional(z.record(z.string(), z.string()));
const references = records({ name: text, valueFrom: text });

const CONTAINER = {
  name: text,
  image: text,
  essential: flag,
  user: text,
  privileged: flag,
  readonlyRootFilesystem: flag,
  linuxParameters: record({ capabilities: record({ add: texts, drop: texts }), initProcessEnabled: flag }),
  dockerSecurityOptions: texts,
  cpu: count,
  memory: count,
  memoryReservation: count,
  entryPoint: texts,
  command: texts,
  environment: records({ name: text, value: text }),
  environmentFiles: records({ value: text, type: text }),
  secrets: references,
  dockerLabels: textMap,
  logConfiguration: record({ logDriver: text, options: textMap, secretOptions: references }),
  healthCheck: record({ command: texts }),
  mountPoints: records({ sourceVolume: text, containerPath: text, readOnly: flag }),
  volumesFrom: records({ sourceContainer: text }),
  firelensConfiguration: record({ type: text }),
  versionConsistency: text,
  repositoryCredentials: record({ credentialsParameter: text }),
  portMappings: records({ containerPort: count, hostPort: count, protocol: text }),
};

const VOLUME = {
  name: text,
  host: record({ sourcePath: text }),
  efsVolumeConfiguration: record({
    fileSystemId: text,
    transitEncryption: text,
    authorizationConfig: record({ iam: text, accessPointId: text }),
  }),
  s3filesVolumeConfiguration: record({}),
  fsxWindowsFileServerVolumeConfiguration: record({}),
  dockerVolumeConfiguration: record({}),
  configuredAtLaunch: flag,
};

const TASK_DEFINITION = z.object({
  taskDefinitionArn: text,
  family: text,
  networkMode: text,
  pidMode: text,
  ipcMode: text,
  requiresCompatibilities: texts,
  runtimePlatform: record({ operatingSystemFamily: text, cpuArchitecture: text }),
  taskRoleArn: text,
  executionRoleArn: text,
  cpu: numeric,
  memory: numeric,
  enableFaultInjection: flag,
  proxyConfiguration: record({ containerName: text }),
  volumes: records(VOLUME),
  containerDefinitions: records(CONTAINER),
  tags: records({ key: text, value: text }),
});

/**
 * A task definition in a file, judged as if a service deployed it: whether one does, no file says.
 *
 * @param raw what `RegisterTaskDefinition` takes, or `DescribeTaskDefinition` returns below `taskDefinition`
 * @throws WrongTypeError where ECS would not take it, and what `classify` throws
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export async function taskDefinitionResource(
  raw: unknown,
  source: DocumentSource,
  classify: Classify,
): Promise<LintedResource> {
  const { tags, ...definition } = readFields(TASK_DEFINITION, raw);
  const read = await taskDefinitionFrom(withoutUndefined(definition) as TaskDefinition, classify);
  const family = read.family === '' ? '(no family)' : read.family;
  const resource: EcsTaskDefinitionFamily = {
    ...NOWHERE,
    type: 'AwsEcsTaskDefinition',
    uid: `task-definition/${family}`,
    name: family,
    ...(tags === undefined ? {} : { tags: known(tagsFrom(withoutUndefined(tags))) }),
    inUse: 'unknown',
    family,
    revisionsInUse: [
      {
        arn: read.arn,
        uses: [{ kind: 'service', by: 'a service', launchTypes: read.requiresCompatibilities }],
        definition: known(read),
      },
    ],
    latestActive: known(read),
    usesListed: known(true),
    servicesListed: known(true),
    managedDaemon: false,
  };
  return { resource, source };
}

/** The readers know absent fields only, as the SDK leaves them out. */
function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
