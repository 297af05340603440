import type { EmulatedPlace } from './emulators.ts';

/** The account in which fauxqs keeps every queue. */
const emulatorAccount = '000000000000';

/** The queue attributes that name an account; message bodies are never touched. */
const attributesWithArns = ['QueueArn', 'RedrivePolicy', 'RedriveAllowPolicy', 'Policy'] as const;

interface SqsBody {
  Attributes?: Record<string, string>;
  QueueUrl?: string;
  QueueUrls?: string[];
  Messages?: { Attributes?: Record<string, string> }[];
}

/** An SQS request as fauxqs understands it: ARNs name its own account. */
export function toEmulator(body: SqsBody, accountId: string): object {
  return { ...body, ...(body.Attributes && { Attributes: moved(body.Attributes, accountId, emulatorAccount) }) };
}

/** An answer of fauxqs as SQS of this account and endpoint would have given it. */
export function toSdk(body: SqsBody, { accountId, endpoint }: EmulatedPlace): object {
  const url = (from: string) => `${endpoint}/${accountId}/${from.split('/').at(-1)}`;
  return {
    ...body,
    ...(body.Attributes && { Attributes: moved(body.Attributes, emulatorAccount, accountId) }),
    ...(body.QueueUrl && { QueueUrl: url(body.QueueUrl) }),
    ...(body.QueueUrls && { QueueUrls: body.QueueUrls.map(url) }),
    ...(body.Messages && {
      Messages: body.Messages.map((message) => ({
        ...message,
        ...(message.Attributes && {
          Attributes: { ...message.Attributes, ...(message.Attributes.SenderId && { SenderId: accountId }) },
        }),
      })),
    }),
  };
}

function moved(attributes: Record<string, string>, from: string, to: string): Record<string, string> {
  const result = { ...attributes };
  for (const name of attributesWithArns) {
    const value = result[name];
    if (value !== undefined) result[name] = value.replaceAll(`:${from}:`, `:${to}:`);
  }
  return result;
}
