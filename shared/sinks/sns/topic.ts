import { SNSClient } from '@aws-sdk/client-sns';
import type { ClientClass } from '../../domain/ports.ts';

export const MESSAGE_FORMS = ['human', 'chat', 'machine'] as const;
export type MessageForm = (typeof MESSAGE_FORMS)[number];
/** One topic for each form that is wanted; a topic gets only messages of its own form. */
export type Topics = { readonly [F in MessageForm]?: string };

export interface Topic {
  readonly form: MessageForm;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly client: SNSClient;
}

const TOPIC_ARN = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):(\d{12}):[\w-]{1,256}$/;

/**
 * The topics with a client of each topic's own account and region.
 *
 * @throws Error for what is no ARN of a standard topic; FIFO topics reach neither e-mail nor chat
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html
 */
export function openTopics(
  topics: Topics,
  clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C,
): readonly Topic[] {
  return MESSAGE_FORMS.flatMap((form): Topic[] => {
    const arn = topics[form];
    if (arn === undefined) return [];
    const [, region, accountId] = TOPIC_ARN.exec(arn) ?? [];
    if (region === undefined || accountId === undefined)
      throw new Error(`the topic for ${form} messages is not the ARN of a standard SNS topic: ${JSON.stringify(arn)}`);
    return [{ form, arn, accountId, region, client: clientFor(SNSClient, accountId, region) }];
  });
}
