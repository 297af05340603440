import {
  type DetectorFeatureConfigurationResult,
  UpdateDetector$,
  type UpdateDetectorCommandInput,
  type UpdateDetectorCommandOutput,
} from '@aws-sdk/client-guardduty';
import { recordCall } from '../change/cloud-trail.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { badRequest, detectorOf } from './guardduty-detector.ts';

/** What changes a detector. CloudTrail tells of it. */
export const guarddutyWriteOperations = [operation(UpdateDetector$, updateDetector)];

/**
 * Changes the features that are named and leaves the others. The two runtime features exclude each other.
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateDetector.html
 */
function updateDetector(call: Call, input: UpdateDetectorCommandInput): Reply<UpdateDetectorCommandOutput> {
  const { detector, id } = detectorOf(call, input.DetectorId);
  const wanted = input.Features ?? [];
  const names = wanted.map(({ Name }) => Name);
  if (names.includes('EKS_RUNTIME_MONITORING') && names.includes('RUNTIME_MONITORING')) {
    throw badRequest('it specifies both EKS_RUNTIME_MONITORING and RUNTIME_MONITORING.');
  }
  const features = new Map((detector.Features ?? []).map((feature) => [feature.Name as string, feature]));
  for (const { Name = '', Status, AdditionalConfiguration = [] } of wanted as DetectorFeatureConfigurationResult[]) {
    const held = features.get(Name);
    if (held?.ManagedBy !== undefined) throw badRequest('a policy of the organization manages the feature.');
    const UpdatedAt = call.now();
    const additional = new Map((held?.AdditionalConfiguration ?? []).map((one) => [one.Name as string, one]));
    for (const one of AdditionalConfiguration) additional.set(one.Name ?? '', { ...one, UpdatedAt });
    features.set(Name, {
      ...held,
      Name: Name as NonNullable<DetectorFeatureConfigurationResult['Name']>,
      Status,
      UpdatedAt,
      ...(additional.size === 0 ? {} : { AdditionalConfiguration: [...additional.values()] }),
    });
  }
  detector.Features = [...features.values()];
  recordCall(call, {
    service: 'guardduty',
    name: 'UpdateDetector',
    request: { detectorId: id, features: wanted },
    response: null,
    caller: call.caller.arn,
  });
  return {};
}
