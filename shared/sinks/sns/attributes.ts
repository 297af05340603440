import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import type { Severity } from '../../domain/severity.ts';
import { SEVERITIES } from '../../domain/severity.ts';
import { cutEnd, plainLine, utf8Bytes } from '../plain-text.ts';
import type { Alert, Ownership } from './alert.ts';
import type { Digest } from './digest.ts';

export type Attributes = Readonly<Record<string, MessageAttributeValue>>;

const MAX_VALUE = 256;

/**
 * What subscribers filter on without reading the message (OC-8). An attribute that is not known is left out, because
 * SNS refuses empty values.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
export function alertAttributes(alert: Alert): Attributes {
  const { finding } = alert.transition;
  return attributesOf({
    kind: alert.eventAction === 'resolve' ? 'resolve' : 'alert',
    severity: finding.severity,
    account: finding.resource.accountId,
    region: finding.resource.region,
    checkId: finding.checkId,
    env: alert.ownership.env,
    team: alert.ownership.team,
    inUse: finding.inUse,
  });
}

/** A digest is about many accounts: it has its kind, the worst severity that became worse, and whose route it is. */
export function digestAttributes(digest: Digest, { env, team }: Ownership = {}): Attributes {
  const worst: Severity | undefined = digest.top[0]?.transition.finding.severity;
  return attributesOf({ kind: digest.kind, severity: worst ?? SEVERITIES[0], env, team });
}

/** Names, types and values all count towards the size of a message. */
export function attributeBytes(attributes: Attributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) =>
      sum + utf8Bytes(name) + utf8Bytes(value.DataType ?? '') + utf8Bytes(value.StringValue ?? ''),
    0,
  );
}

/** Attributes of the values that are known. */
export function attributesOf(values: Readonly<Record<string, string | undefined>>): Attributes {
  const attributes: Record<string, MessageAttributeValue> = {};
  for (const [name, value] of Object.entries(values)) {
    const clean = value === undefined ? '' : cutEnd(plainLine(value), MAX_VALUE);
    if (clean !== '') attributes[name] = { DataType: 'String', StringValue: clean };
  }
  return attributes;
}
