import type { AwsEvent, EventBus } from '../events.ts';
import { idOf, uuidOf } from '../seed/tidewater.ts';
import type { AccountState, RegionState } from '../world/world.ts';

/** Where changes happen, and who hears of them. */
export interface ChangePlace {
  account: AccountState;
  region: RegionState;
  bus: EventBus;
  now: () => Date;
}

/** A call as CloudTrail records it. */
export interface ApiCall {
  /** The service's IAM prefix. */
  service: 'ecr' | 'ecs' | 'eks' | 'guardduty';
  name: string;
  request: object;
  response: object | null;
  /** ARNs of what the call is about, for the services that record them. */
  resources?: string[];
  /** The ARN of whoever called; the company's pipeline unless told. */
  caller?: string;
  /** Set for a call that AWS refused, and that changed nothing. */
  refused?: { code: string; message: string };
}

/**
 * Posts the event of a management call.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function recordCall({ account, region, bus, now }: ChangePlace, call: ApiCall): AwsEvent {
  const time = `${now().toISOString().slice(0, 19)}Z`;
  const seed = `${call.service}:${call.name} ${JSON.stringify(call.request)} at ${time}`;
  return bus.post({
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${call.service}`,
    account: account.id,
    region: region.name,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: call.caller === undefined ? deployerOf(account.id) : { type: 'AssumedRole', arn: call.caller },
      eventTime: time,
      eventSource: `${call.service}.amazonaws.com`,
      eventName: call.name,
      awsRegion: region.name,
      sourceIPAddress: '203.0.113.24',
      userAgent: 'aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.12 lang/python#3.13.7',
      ...(call.refused ? { errorCode: call.refused.code, errorMessage: call.refused.message } : {}),
      requestParameters: recorded(call.request),
      responseElements: call.refused || call.response === null ? null : recorded(call.response),
      requestID: uuidOf(`request ${seed}`),
      eventID: uuidOf(`record ${seed}`),
      readOnly: false,
      ...(call.resources ? { resources: call.resources.map((ARN) => ({ accountId: account.id, ARN })) } : {}),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account.id,
      eventCategory: 'Management',
    },
  });
}

/** The company's delivery pipeline, which makes all planned changes. */
function deployerOf(accountId: string): object {
  const roleId = `AROA${idOf('role deployer').toUpperCase()}`;
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:ci`,
    arn: `arn:aws:sts::${accountId}:assumed-role/deployer/ci`,
    accountId,
    accessKeyId: `ASIA${idOf('session ci', 16).toUpperCase()}`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: `arn:aws:iam::${accountId}:role/deployer`,
        accountId,
        userName: 'deployer',
      },
      attributes: { creationDate: '2026-11-01T00:00:00Z', mfaAuthenticated: 'false' },
    },
  };
}

const dateFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

/** CloudTrail writes the dates of ECR and ECS for people: `Nov 23, 2026, 12:00:00 PM`. */
function recorded(value: unknown): unknown {
  if (value instanceof Date) return dateFormat.format(value).replaceAll('\u202f', ' ');
  if (Array.isArray(value)) return value.map(recorded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, recorded(member)]));
}
