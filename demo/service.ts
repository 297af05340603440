import type { StaticOperationSchema } from '@smithy/types';
import type { EventBus } from './events.ts';
import type { Caller, Sessions } from './sessions.ts';
import type { AccountState, RegionState, World } from './world/world.ts';

type Protocol = 'json' | 'rest-json' | 'query' | 'ec2';

/** One AWS service: how it speaks, and the operations the demo account answers. */
export interface Service {
  /** The name in the credential scope of the signature; it also starts the recorded operation names. */
  signingName: string;
  /** The prefix of its IAM actions, where it differs from the signing name. */
  iamPrefix?: string;
  protocol: Protocol;
  xmlNamespace?: string;
  /** The error code for input that breaks the model, such as a missing required member. */
  invalidInputCode: string;
  /** The error code when the caller is too fast; `ThrottlingException` unless told. */
  throttleCode?: string;
  operations: readonly Operation[];
}

/** An operation: the SDK's own schema of it, and the function that answers. */
export interface Operation {
  schema: StaticOperationSchema;
  handle: (call: Call, input: unknown) => unknown;
  /** False where the operation itself judges what its input's structures lack. */
  validatesNested?: false;
}

/** What an operation knows besides its input. */
export interface Call {
  world: World;
  account: AccountState;
  region: RegionState;
  caller: Caller;
  sessions: Sessions;
  service: Service;
  operation: string;
  /** Where the account is served. */
  endpoint: string;
  bus: EventBus;
  now: () => Date;
  /** The page size a test asked for, if any. */
  pageSize: number | undefined;
}

/** An operation's answer as the SDK types it, without the metadata the SDK adds itself. */
export type Reply<Output> = Omit<Output, '$metadata'>;

/**
 * Binds a typed function to the SDK's schema of an operation.
 *
 * @param schema the operation's schema, exported by the SDK client as `<Operation>$`
 * @param handle answers a call; throws a `ServiceError` to refuse
 */
export function operation<Input, Output>(
  schema: StaticOperationSchema,
  handle: (call: Call, input: Input) => Reply<Output>,
): Operation {
  return { schema, handle: (call, input) => handle(call, input as Input) };
}
