import {
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  DescribeHubCommand,
  GetFindingsCommand,
  ListStandardsControlAssociationsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { arnOf, NOTHING, type PermissionProbe, type ProbePlace } from './probe.ts';

/** A topic is one more thing to be allowed for. */
export interface TopicPlace extends ProbePlace {
  readonly topicArn: string;
}

/** Where Security Hub is off it says so after it has let the caller in; that it is off is another finding. */
const refusals = ['InvalidAccessException', 'ResourceNotFoundException'];
const securityHub = ({ clientFor }: ProbePlace) => clientFor(SecurityHubClient);
const productOf = (place: ProbePlace) => arnOf(place, 'securityhub', `product/${place.accountId}/default`);
/** In no finding's id: those of Hullcheck have more parts. */
const NO_FINDING = `hullcheck/${NOTHING}`;

/** @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Operations.html */
export const securityHubProbes = {
  // A finding whose dates are no dates: Security Hub takes the batch from whoever may import into the product, and
  // refuses the finding in its answer. Nothing is stored.
  'securityhub:BatchImportFindings': {
    call: (place) =>
      securityHub(place).send(
        new BatchImportFindingsCommand({
          Findings: [
            {
              SchemaVersion: '2018-10-08',
              Id: NO_FINDING,
              ProductArn: productOf(place),
              GeneratorId: NOTHING,
              AwsAccountId: place.accountId,
              CreatedAt: 'not-a-date',
              UpdatedAt: 'not-a-date',
              Severity: { Label: 'INFORMATIONAL' },
              Title: 'Tries the permission to import; is never stored',
              Description: 'Tries the permission to import; is never stored',
              Types: ['Software and Configuration Checks'],
              Resources: [{ Type: 'Other', Id: NOTHING }],
            },
          ],
        }),
      ),
    refusals: [...refusals, 'InvalidInputException'],
  },
  // Of a finding that does not exist: it is named as not processed.
  'securityhub:BatchUpdateFindings': {
    call: (place) =>
      securityHub(place).send(
        new BatchUpdateFindingsCommand({
          FindingIdentifiers: [{ Id: NO_FINDING, ProductArn: productOf(place) }],
          UserDefinedFields: { hullcheck: NOTHING },
        }),
      ),
    refusals: [...refusals, 'InvalidInputException'],
  },
  'securityhub:DescribeHub': {
    call: (place) => securityHub(place).send(new DescribeHubCommand({})),
    refusals,
  },
  'securityhub:GetFindings': {
    call: (place) =>
      securityHub(place).send(
        new GetFindingsCommand({ Filters: { Id: [{ Value: NO_FINDING, Comparison: 'EQUALS' }] }, MaxResults: 1 }),
      ),
    refusals,
  },
  'securityhub:ListStandardsControlAssociations': {
    call: (place) =>
      securityHub(place).send(
        new ListStandardsControlAssociationsCommand({ SecurityControlId: 'ECS.5', MaxResults: 1 }),
      ),
    refusals: [...refusals, 'InvalidInputException'],
  },
} as const satisfies Record<string, PermissionProbe>;

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const topicProbes = {
  // A message for each protocol that lacks the one for all others: SNS refuses it, so nobody gets it.
  'sns:Publish': {
    call: ({ clientFor, topicArn }) =>
      clientFor(SNSClient).send(
        new PublishCommand({ TopicArn: topicArn, MessageStructure: 'json', Message: '{"email":"never sent"}' }),
      ),
    refusals: ['InvalidParameter', 'InvalidParameterException'],
  },
} as const satisfies Record<string, PermissionProbe<TopicPlace>>;
