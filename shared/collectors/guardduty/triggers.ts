import { type ChangeEvent, onCalls, onEvents, type Touched, type Trigger, textAt } from '../../domain/trigger.ts';

/** Calls that change the detector or which of its findings are still open. */
const DETECTOR_CALLS = ['ArchiveFindings', 'UnarchiveFindings', 'UpdateOrganizationConfiguration'];
/** Calls that change the detector and what it covers. */
const EVERYTHING_CALLS = ['CreateDetector', 'DeleteDetector', 'UpdateDetector', 'UpdateMemberDetectors'];

/**
 * What happens to the detector, its findings and what it covers.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-assessing-coverage.html
 */
export const guarddutyTriggers: readonly Trigger[] = [
  onCalls('guardduty', DETECTOR_CALLS, (event) => [detector(event)]),
  onCalls('guardduty', EVERYTHING_CALLS, (event) => [everything(event)]),
  onEvents('aws.guardduty', ['GuardDuty Finding'], (event) => [detector(event)]),
  onEvents(
    'aws.guardduty',
    ['GuardDuty Runtime Protection Healthy', 'GuardDuty Runtime Protection Unhealthy'],
    (event) => coverage(event),
  ),
];

function coverage(event: ChangeEvent): readonly Touched[] {
  const details = (platform: string) =>
    textAt(event.detail, 'resourceDetails', `${platform}ClusterDetails`, 'clusterName');
  const name = details('eks') ?? details('ecs');
  // Coverage of single EC2 instances is not judged.
  return name === undefined ? [] : [{ ...everything(event), resource: { type: 'ClusterRuntimeCoverage', name } }];
}

function detector(event: ChangeEvent): Touched {
  return { ...everything(event), resource: { type: 'AwsGuardDutyDetector', name: event.region } };
}

function everything({ accountId, region }: ChangeEvent): Touched {
  return { service: 'guardduty', accountId, region };
}
