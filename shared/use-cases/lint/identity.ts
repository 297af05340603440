import type { ObjectMetadata } from '../../collectors/kubernetes/read-metadata.ts';

/** The place of a linted resource: files are in no account and region. */
export const NOWHERE = { accountId: '', region: '', partition: 'aws' } as const;

/** The name people know an object by; documents may leave it to the API server to make one up. */
export function nameOf({ name, generateName }: ObjectMetadata): string {
  if (name !== '') return name;
  return generateName === undefined ? '(no name)' : `${generateName}*`;
}
