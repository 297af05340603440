import { basename, extname } from 'node:path';
import type { IamRole } from '../../collectors/iam/model.ts';
import { readPolicy } from '../../domain/iam-policy.ts';
import { known, undecidable } from '../../domain/observed.ts';
import type { DocumentSource, LintedResource } from './document-source.ts';
import { NOWHERE } from './identity.ts';

const NO_USERS = undecidable('A trust policy does not show who uses its role.');

/** The role that a trust policy in a file is for, named after the file: the policy does not name it. */
export function trustPolicyResource(raw: unknown, source: DocumentSource): LintedResource {
  const { file, document } = source;
  const resource: IamRole = {
    ...NOWHERE,
    type: 'AwsIamRole',
    uid: `trust-policy/${file}${document === 0 ? '' : `#${document}`}`,
    name: basename(file, extname(file)),
    inUse: 'unknown',
    exists: known(true),
    trustPolicy: readPolicy(JSON.stringify(raw)),
    policies: undecidable('A trust policy does not show what its role may do.'),
    permissionsBoundary: undecidable('A trust policy does not show the permissions boundary of its role.'),
    uses: NO_USERS,
    usesListed: NO_USERS,
  };
  return { resource, source };
}
