import { z } from 'zod';
import { present } from '../ecs/present.ts';
import { flag, readFields } from './raw-fields.ts';
import { METADATA, metadataFrom, type ObjectMetadata } from './read-metadata.ts';

/** A ServiceAccount with what it says of tokens and of its role. */
export interface ServiceAccountObject {
  readonly metadata: ObjectMetadata;
  readonly automountServiceAccountToken?: boolean;
  /** The annotation `eks.amazonaws.com/role-arn`. */
  readonly roleArn?: string;
}

const SERVICE_ACCOUNT = z.object({ metadata: METADATA, automountServiceAccountToken: flag });

/**
 * @throws WrongTypeError where the API server would not decode it
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export function readServiceAccount(raw: unknown): ServiceAccountObject {
  const { metadata: rawMetadata, automountServiceAccountToken } = readFields(SERVICE_ACCOUNT, raw);
  const metadata = metadataFrom(rawMetadata);
  return {
    metadata,
    ...present('automountServiceAccountToken', automountServiceAccountToken),
    // An empty one gives no role: pods go on with what their node has.
    ...present('roleArn', metadata.annotations['eks.amazonaws.com/role-arn'] || undefined),
  };
}
