import { DescribeKey$, type DescribeKeyCommandInput, type DescribeKeyCommandOutput } from '@aws-sdk/client-kms';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';

export const kms: Service = {
  signingName: 'kms',
  protocol: 'json',
  invalidInputCode: 'ValidationException',
  operations: [operation(DescribeKey$, describeKey)],
};

/** Takes a key id, a key ARN, an alias name or an alias ARN; keys of other accounts are denied. */
function describeKey(
  { account, region, caller }: Call,
  input: DescribeKeyCommandInput,
): Reply<DescribeKeyCommandOutput> {
  const id = input.KeyId ?? '';
  const owner = id.startsWith('arn:') ? id.split(':')[4] : account.id;
  if (owner !== account.id) {
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: kms:DescribeKey on resource: ${id} because no resource-based policy allows the kms:DescribeKey action`,
    );
  }
  const name = id.replace(/^arn:[^/]+:(?:key\/)?/, '');
  const found = region.kmsKeys.find(({ metadata, aliases }) => metadata.KeyId === name || aliases.includes(name));
  if (!found) {
    const arn = `arn:aws:kms:${region.name}:${account.id}:${name.startsWith('alias/') ? name : `key/${name}`}`;
    const message = name.startsWith('alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`;
    throw new ServiceError('NotFoundException', message);
  }
  return { KeyMetadata: found.metadata };
}
