import { S3Client } from '@aws-sdk/client-s3';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { defaultRegion } from '../aws/accounts.ts';
import { objectPlace, readLines } from '../aws/bucket.ts';
import { classifyError } from '../aws/errors.ts';
import type { Inventory } from '../domain/inventory.ts';
import { known, type Observed, type Unreadable, unknown } from '../domain/observed.ts';
import { InventoryFileError, readInventory } from './read.ts';

const OPERATION = 's3:GetObject';

/** Any will do: S3 says where a bucket is. */
const SOME_REGION = 'us-east-1';

/**
 * A client for buckets wherever they are.
 *
 * @param credentials default: those of whoever runs this
 */
export function bucketClient(profile?: string, credentials?: AwsCredentialIdentityProvider): S3Client {
  return new S3Client({
    retryMode: 'adaptive',
    followRegionRedirects: true,
    region: async () => (await defaultRegion(profile)) ?? SOME_REGION,
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

/**
 * Opens inventories that are kept in buckets. What cannot be read, or is no whole inventory, is an unknown.
 *
 * @param profile of the AWS configuration; default: the credentials of the environment
 * @param credentials who reads, where it is not whoever runs this
 */
export function storedInventories(
  profile?: string,
  credentials?: AwsCredentialIdentityProvider,
): (place: string) => Promise<Observed<Inventory>> {
  let client: S3Client | undefined;
  return async (place) => {
    client ??= bucketClient(profile, credentials);
    try {
      const found = await readStoredInventory(client, place);
      return found === null
        ? refused('not-found', `There is no inventory at ${place}: collect has not run yet, or writes elsewhere.`)
        : known(found);
    } catch (error) {
      if (!(error instanceof InventoryFileError)) return unknown(classifyError(error, OPERATION));
      return refused('invalid-answer', `${place} is no whole inventory: it was cut off, or is of another version.`);
    }
  };
}

/**
 * @returns null where there is none
 * @throws InventoryFileError, and what S3 answers
 */
export async function readStoredInventory(client: S3Client, place: string): Promise<Inventory | null> {
  const object = objectPlace(place);
  if (object === undefined) throw new InventoryFileError(`${place} is not of the form s3://BUCKET/KEY.`);
  const lines = await readLines(client, object);
  return lines === null ? null : readInventory(lines, place);
}

function refused(cause: Unreadable['cause'], message: string) {
  return unknown({ kind: 'unreadable', cause, operation: OPERATION, message });
}
