import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { denialOf } from '../../aws/denial.ts';
import { classifyError } from '../../aws/errors.ts';
import { topicProbes } from '../../aws/probes/publishing.ts';
import type { Fix, ProbeResult } from '../../domain/diagnosis.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { permissionFix, permissionResult, type Trial, tryPermission } from './permissions.ts';

/** A topic of the configuration. */
export interface AlertTopic {
  readonly arn: string;
  readonly form: 'human' | 'chat' | 'machine';
  /** Where the configuration names it: `publish.sns.topics.human`. */
  readonly setting: string;
}

const ATTRIBUTES = 'sns:GetTopicAttributes';
const PUBLISH = 'sns:Publish';

/** How one subscribes to a topic of each form. */
const PROTOCOLS: Readonly<Record<AlertTopic['form'], string>> = {
  human: '--protocol email --notification-endpoint on-call@example.com',
  chat: '--protocol https --notification-endpoint https://global.sns-api.chatbot.amazonaws.com',
  machine: '--protocol https --notification-endpoint https://incidents.example.com/sns',
};

/**
 * Looks whether a topic exists, whether it may be published to, and whether anybody hears of it.
 *
 * @param account the one whose credentials publish
 * @see https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
 */
export async function lookAtTopic(topic: AlertTopic, account: AccountUnderTest): Promise<readonly ProbeResult[]> {
  const [, , , region = '', accountId = ''] = topic.arn.split(':');
  const place = { ...account.publishingPlaceIn(region), accountId, topicArn: topic.arn };
  const publisher = account.publisher ?? account.identity;
  const trial = await tryPermission(PUBLISH, topicProbes[PUBLISH], place);
  const alert = await lookAtSubscriptions(topic, account.asks);
  const base = { group: 'alerts', subject: topic.arn, accountId, region } as const;
  if (isNotFound(trial) || alert === 'not-found') {
    const message = `The topic of ${topic.setting} does not exist: its alerts are lost.`;
    const text = 'Create it, or name one that exists.';
    const command = `aws sns create-topic --region ${region} --name ${topic.arn.split(':').at(-1)}`;
    return [{ ...base, status: 'problem', message, fix: { text, command } }];
  }
  const permission = permissionResult({ action: PUBLISH, for: topic.setting }, trial, place, publisher, topic.arn);
  return [permission, alert];
}

function isNotFound(trial: Trial): boolean {
  return trial.outcome === 'unknown' && trial.reason.cause === 'not-found';
}

async function lookAtSubscriptions(topic: AlertTopic, asks: AccountUnderTest): Promise<ProbeResult | 'not-found'> {
  const [, , , region = '', accountId = ''] = topic.arn.split(':');
  const { clientFor } = asks.publishingPlaceIn(region);
  const base = { group: 'alerts', subject: topic.arn, accountId, region } as const;
  try {
    const { Attributes } = await clientFor(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: topic.arn }));
    const confirmed = Number(Attributes?.SubscriptionsConfirmed ?? 0);
    const pending = Number(Attributes?.SubscriptionsPending ?? 0);
    if (confirmed > 0)
      return { ...base, status: 'ok', message: `The topic of ${topic.setting} has a confirmed subscription.` };
    return {
      ...base,
      status: 'problem',
      message:
        pending > 0
          ? `The subscription to the topic of ${topic.setting} is not confirmed yet: nobody hears of its alerts.`
          : `Nobody is subscribed to the topic of ${topic.setting}: nobody hears of its alerts.`,
      fix: subscriptionFix(topic, region, pending > 0),
    };
  } catch (error) {
    const reason = classifyError(error, ATTRIBUTES);
    if (reason.cause === 'not-found') return 'not-found';
    if (reason.cause !== 'denied' && reason.cause !== 'denied-by-scp')
      return { ...base, status: 'unknown', message: reason.message };
    const denial = reason.cause === 'denied-by-scp' ? 'service-control-policy' : denialOf(error);
    return {
      ...base,
      status: 'warning',
      message: `Whether anybody is subscribed to the topic of ${topic.setting} cannot be seen without ${ATTRIBUTES}.`,
      fix: permissionFix(ATTRIBUTES, denial, asks.publisher ?? asks.identity, topic.arn),
    };
  }
}

function subscriptionFix({ arn, form }: AlertTopic, region: string, pending: boolean): Fix {
  if (pending)
    return {
      text: 'Confirm it with the link that SNS has sent; the command shows to whom.',
      command: `aws sns list-subscriptions-by-topic --region ${region} --topic-arn ${arn}`,
    };
  return {
    text: 'Subscribe somebody, then confirm the subscription.',
    command: `aws sns subscribe --region ${region} --topic-arn ${arn} ${PROTOCOLS[form]}`,
  };
}
