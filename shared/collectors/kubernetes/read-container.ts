import { z } from 'zod';
import type {
  ContainerHandler,
  EnvironmentSource,
  EnvironmentVariable,
  PodContainer,
  ResourceBudget,
} from '../../domain/pod-spec.ts';
import { present } from '../ecs/present.ts';
import { withoutUndefined } from '../eks/without-undefined.ts';
import { type Classify, flag, integer, listOf, optional, quantities, text, texts } from './raw-fields.ts';
import { CONTAINER_SECURITY_CONTEXT, containerSecurityContextFrom } from './read-security-context.ts';

export const RESOURCES = optional(z.object({ requests: quantities, limits: quantities }));

/** Loose, because which action a handler takes is the name of its key. */
const HANDLER = optional(
  z.looseObject({
    exec: optional(z.object({ command: texts })),
    httpGet: optional(z.object({ host: text, httpHeaders: listOf(z.object({ name: text, value: text })) })),
    tcpSocket: optional(z.object({ host: text })),
  }),
);

const NAMED = optional(z.object({ name: text }));

const VALUE_FROM = optional(z.looseObject({ secretKeyRef: NAMED, configMapKeyRef: NAMED }));

export const CONTAINER = z.object({
  name: text,
  image: text,
  imagePullPolicy: text,
  restartPolicy: text,
  securityContext: CONTAINER_SECURITY_CONTEXT,
  ports: listOf(z.object({ containerPort: integer, hostPort: integer, hostIP: text, protocol: text, name: text })),
  env: listOf(z.object({ name: text, value: text, valueFrom: VALUE_FROM })),
  envFrom: listOf(z.object({ secretRef: NAMED, configMapRef: NAMED })),
  volumeMounts: listOf(z.object({ name: text, mountPath: text, readOnly: flag })),
  volumeDevices: listOf(z.object({ name: text })),
  resources: RESOURCES,
  command: texts,
  args: texts,
  livenessProbe: HANDLER,
  readinessProbe: HANDLER,
  startupProbe: HANDLER,
  lifecycle: optional(z.object({ postStart: HANDLER, preStop: HANDLER })),
});

type RawContainer = z.output<typeof CONTAINER>;

/**
 * One container without its free texts, which are classified.
 *
 * @param path Kubernetes' own field path of the container
 * @throws only what `classify` throws
 */
export async function containerFrom(
  raw: RawContainer,
  list: PodContainer['list'],
  path: string,
  classify: Classify,
): Promise<PodContainer> {
  const { image, imagePullPolicy, restartPolicy, lifecycle } = raw;
  return {
    list,
    path,
    name: raw.name ?? '',
    ...withoutUndefined({ image, imagePullPolicy, restartPolicy }),
    ...present('securityContext', containerSecurityContextFrom(raw.securityContext)),
    ports: raw.ports.map((port) => withoutUndefined(port)),
    env: await variablesFrom(raw.env, classify),
    envFrom: raw.envFrom.flatMap(sourceFrom),
    volumeMounts: raw.volumeMounts.map(({ name = '', mountPath = '', readOnly = false }) => ({
      name,
      mountPath,
      readOnly,
    })),
    volumeDevices: raw.volumeDevices.flatMap(({ name }) => name ?? []),
    resources: budgetFrom(raw.resources),
    probes: [
      ...handlerFrom('livenessProbe', raw.livenessProbe),
      ...handlerFrom('readinessProbe', raw.readinessProbe),
      ...handlerFrom('startupProbe', raw.startupProbe),
    ],
    lifecycle: [
      ...handlerFrom('lifecycle.postStart', lifecycle?.postStart),
      ...handlerFrom('lifecycle.preStop', lifecycle?.preStop),
    ],
    words: [
      ...(await wordsFrom(`${path}.command`, 'command', raw.command, classify)),
      ...(await wordsFrom(`${path}.args`, 'args', raw.args, classify)),
      ...(await handlerWords(`${path}.livenessProbe`, raw.livenessProbe, classify)),
      ...(await handlerWords(`${path}.readinessProbe`, raw.readinessProbe, classify)),
      ...(await handlerWords(`${path}.startupProbe`, raw.startupProbe, classify)),
      ...(await handlerWords(`${path}.lifecycle.postStart`, lifecycle?.postStart, classify)),
      ...(await handlerWords(`${path}.lifecycle.preStop`, lifecycle?.preStop, classify)),
    ],
    awsSigns: awsSignsOf(raw),
  };
}

export function budgetFrom(raw: z.output<typeof RESOURCES>): ResourceBudget {
  return { requests: raw?.requests ?? {}, limits: raw?.limits ?? {} };
}

async function variablesFrom(env: RawContainer['env'], classify: Classify): Promise<readonly EnvironmentVariable[]> {
  const variables: EnvironmentVariable[] = [];
  for (const { name = '', value, valueFrom } of env) {
    // The API server takes one of both only; where a document has both, the text must not be overlooked.
    const from = valueFrom && keysOf(valueFrom)[0];
    if (from === undefined || (value ?? '') !== '') {
      variables.push({ name, value: await classify(name, value ?? '') });
    } else {
      const object = valueFrom?.secretKeyRef?.name ?? valueFrom?.configMapKeyRef?.name;
      variables.push({ name, from, ...present('object', object) });
    }
  }
  return variables;
}

function sourceFrom({ secretRef, configMapRef }: RawContainer['envFrom'][number]): readonly EnvironmentSource[] {
  return [
    ...(secretRef === undefined ? [] : [{ from: 'secretRef', ...present('object', secretRef.name) }]),
    ...(configMapRef === undefined ? [] : [{ from: 'configMapRef', ...present('object', configMapRef.name) }]),
  ];
}

const ACTIONS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

function handlerFrom(field: string, raw: z.output<typeof HANDLER>): readonly ContainerHandler[] {
  if (raw === undefined) return [];
  const kind = keysOf(raw).find((key) => ACTIONS.includes(key));
  const host = raw.httpGet?.host || raw.tcpSocket?.host || undefined;
  return [{ field, ...withoutUndefined({ kind, host }) }];
}

/** What a probe or hook runs and sends: passwords of databases, headers with tokens. */
async function handlerWords(path: string, raw: z.output<typeof HANDLER>, classify: Classify) {
  const words = await wordsFrom(`${path}.exec.command`, 'command', raw?.exec?.command ?? [], classify);
  for (const [index, { name = '', value = '' }] of (raw?.httpGet?.httpHeaders ?? []).entries()) {
    words.push({ path: `${path}.httpGet.httpHeaders[${index}].value`, text: await classify(name, value) });
  }
  return words;
}

function keysOf(raw: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(raw)
    .filter((key) => raw[key] !== null && raw[key] !== undefined)
    .sort();
}

/** A word after a flag is classified under the flag's name: `--password`, `hunter2`. */
async function wordsFrom(path: string, field: string, words: readonly string[], classify: Classify) {
  const classified: PodContainer['words'][number][] = [];
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    const name = before?.startsWith('-') === true && !before.includes('=') ? before : field;
    classified.push({ path: `${path}[${index}]`, text: await classify(name, word) });
  }
  return classified;
}

/** Variables by which the SDKs and tools of AWS learn where to call, by name. */
const AWS_VARIABLE = /^AWS_(?:REGION|DEFAULT_REGION|(?:\w+_)?ENDPOINTS?(?:_URL\w*)?)$/;

function awsSignsOf({ env, command, args }: RawContainer): readonly string[] {
  const signs = new Set<string>();
  for (const { name = '' } of env) if (AWS_VARIABLE.test(name)) signs.add(`env ${name}`);
  for (const [field, words] of [
    ['command', command],
    ['args', args],
  ] as const) {
    if (words.some((word) => word.includes('s3://'))) signs.add(`${field} s3://`);
    if (words.some((word) => /(?<![\w-])arn:aws[a-z-]*:/.test(word))) signs.add(`${field} arn:`);
  }
  return [...signs].sort();
}
