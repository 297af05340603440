import type { ContainerDefinition, LogConfiguration, Secret } from '@aws-sdk/client-ecs';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ClassifiedText } from '../../domain/secret.ts';
import type { EcsContainerDefinition, NamedText } from './model.ts';
import { present } from './present.ts';

type Classify = CollectorContext['classify'];

/**
 * Programs by their bare names that may be shown. The first word of a command can also be an argument of the image's own
 * entry point, and so a secret: any other word is kept only where it is a path.
 */
const KNOWN_PROGRAMS: ReadonlySet<string> = new Set(
  (
    'ash bash bundle catatonit dash deno docker-init dotnet dumb-init go gunicorn httpd init java nginx node npm npx php ' +
    'python python3 ruby s6-svscan sh supervisord tini tini-static uvicorn yarn'
  ).split(' '),
);
const PROGRAM_PATH = /^(?:\/[a-z0-9._+-]{1,40}){1,8}$/;

/**
 * One container of a task definition without its free texts, which are classified.
 *
 * @param container as ECS describes it, or as it stands in a file that will be registered
 * @param index its place, by which it is named where it has no name
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export async function containerFrom(
  container: ContainerDefinition,
  index: number,
  classify: Classify,
): Promise<EcsContainerDefinition> {
  const { linuxParameters, logConfiguration, healthCheck, firelensConfiguration, repositoryCredentials } = container;
  const entryPoint = await classifyWords('entryPoint', container.entryPoint, classify);
  const command = await classifyWords('command', container.command, classify);
  const firstProgram = firstProgramOf(container, entryPoint[0] ?? command[0]);
  return {
    name: container.name ?? `#${index}`,
    image: container.image ?? '',
    // Omitted means essential.
    essential: container.essential ?? true,
    ...present('user', container.user),
    ...present('privileged', container.privileged),
    ...present('readonlyRootFilesystem', container.readonlyRootFilesystem),
    capabilitiesAdd: linuxParameters?.capabilities?.add ?? [],
    capabilitiesDrop: linuxParameters?.capabilities?.drop ?? [],
    ...present('initProcessEnabled', linuxParameters?.initProcessEnabled),
    dockerSecurityOptions: container.dockerSecurityOptions ?? [],
    ...present('cpu', container.cpu),
    ...present('memory', container.memory),
    ...present('memoryReservation', container.memoryReservation),
    ...present('firstProgram', firstProgram),
    entryPoint,
    command,
    environment: await classifyEach(
      (container.environment ?? []).map(({ name, value }) => [name ?? '', value ?? ''] as const),
      classify,
    ),
    environmentFiles: (container.environmentFiles ?? []).flatMap(({ value }) => value ?? []),
    secrets: await secretsFrom(container.secrets, classify),
    dockerLabels: await classifyRecord(container.dockerLabels, classify),
    ...present('logConfiguration', logConfiguration && (await logConfigurationFrom(logConfiguration, classify))),
    ...present(
      'healthCheck',
      healthCheck && {
        disabled: healthCheck.command?.[0] === 'NONE',
        command: await classifyWords('healthCheck', healthCheck.command, classify),
      },
    ),
    mountPoints: (container.mountPoints ?? []).map(({ sourceVolume, containerPath, readOnly }) => ({
      ...present('sourceVolume', sourceVolume),
      ...present('containerPath', containerPath),
      ...present('readOnly', readOnly),
    })),
    volumesFrom: (container.volumesFrom ?? []).flatMap(({ sourceContainer }) => sourceContainer ?? []),
    ...present('firelensType', firelensConfiguration?.type),
    ...present('versionConsistency', container.versionConsistency),
    ...present('repositoryCredentials', repositoryCredentials?.credentialsParameter),
    portMappings: (container.portMappings ?? []).map(({ containerPort, hostPort, protocol }) => ({
      ...present('containerPort', containerPort),
      ...present('hostPort', hostPort),
      ...present('protocol', protocol),
    })),
  };
}

async function logConfigurationFrom(
  { logDriver, options, secretOptions }: LogConfiguration,
  classify: Classify,
): Promise<NonNullable<EcsContainerDefinition['logConfiguration']>> {
  return {
    ...present('logDriver', logDriver),
    options: await classifyRecord(options, classify),
    secretOptions: await secretsFrom(secretOptions, classify),
  };
}

/** What ECS accepts: the ARN of a secret or parameter, with a JSON key and a version, or the name of a parameter. */
const SECRET_REFERENCE = /^(?:arn:[\w+=,.@:/*?-]+|[\w./-]+)$/;

/**
 * References to secrets are names and ARNs, and shown. What cannot be one, or is known by its format to be a secret, was
 * put there by mistake and is classified instead.
 */
async function secretsFrom(
  secrets: readonly Secret[] | undefined,
  classify: Classify,
): Promise<EcsContainerDefinition['secrets']> {
  const references: EcsContainerDefinition['secrets'][number][] = [];
  for (const { name = '', valueFrom = '' } of secrets ?? []) {
    const isReference = valueFrom === '' || SECRET_REFERENCE.test(valueFrom);
    const text = await classify(isReference ? 'valueFrom' : name, valueFrom);
    const isShown = isReference && text.detections.length === 0;
    references.push(isShown ? { name, valueFrom } : { name, valueFrom: '', text });
  }
  return references;
}

/** A word after a flag is classified under the flag's name: `--password`, `hunter2`. */
async function classifyWords(
  field: string,
  words: readonly string[] | undefined,
  classify: Classify,
): Promise<readonly ClassifiedText[]> {
  const classified: ClassifiedText[] = [];
  for (const [index, word] of (words ?? []).entries()) {
    const before = words?.[index - 1];
    classified.push(await classify(before?.startsWith('-') === true ? before : field, word));
  }
  return classified;
}

function classifyRecord(
  texts: Readonly<Record<string, string>> | undefined,
  classify: Classify,
): Promise<readonly NamedText[]> {
  const entries = Object.entries(texts ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  return classifyEach(entries, classify);
}

async function classifyEach(
  entries: readonly (readonly [name: string, text: string])[],
  classify: Classify,
): Promise<readonly NamedText[]> {
  const classified: NamedText[] = [];
  for (const [name, text] of entries) classified.push({ name, text: await classify(name, text) });
  return classified;
}

function firstProgramOf(
  { entryPoint, command }: ContainerDefinition,
  classified: ClassifiedText | undefined,
): string | undefined {
  const first = entryPoint?.[0] ?? command?.[0];
  if (first === undefined || classified === undefined || classified.detections.length > 0) return undefined;
  return KNOWN_PROGRAMS.has(first) || PROGRAM_PATH.test(first) ? first : undefined;
}
