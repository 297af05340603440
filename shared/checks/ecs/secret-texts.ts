import type { SecretText } from '../../domain/plaintext-secret.ts';
import type { ContainerDefinition } from './judge-revisions.ts';

type ClassifiedText = ContainerDefinition['command'][number];

/**
 * Every free text of a container that everyone who may describe the task definition can read.
 *
 * @param path evidence path of the container
 */
export function secretTextsOf(container: ContainerDefinition, path: string): readonly SecretText[] {
  const numbered = (field: string, texts: readonly ClassifiedText[]) =>
    texts.map((text, index) => ({ path: `${path}.${field}[${index}]`, text }));
  const named = (field: string, texts: ContainerDefinition['environment']) =>
    texts.map(({ name, text }) => ({ path: `${path}.${field}[${name}]`, text }));
  const referenced = (field: string, references: ContainerDefinition['secrets']) =>
    references.flatMap(({ name, text }) =>
      text === undefined ? [] : [{ path: `${path}.${field}[${name}].valueFrom`, text }],
    );
  return [
    ...container.environment.map(({ name, text }) => ({
      path: `${path}.environment[${name}]`,
      text,
      variable: name,
    })),
    ...numbered('entryPoint', container.entryPoint),
    ...numbered('command', container.command),
    ...named('dockerLabels', container.dockerLabels),
    ...named('logConfiguration.options', container.logConfiguration?.options ?? []),
    ...referenced('secrets', container.secrets),
    ...referenced('logConfiguration.secretOptions', container.logConfiguration?.secretOptions ?? []),
    ...numbered('healthCheck.command', container.healthCheck?.command ?? []),
  ];
}
