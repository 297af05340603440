import {
  DescribeOrganizationConfigurationCommand,
  type DescribeOrganizationConfigurationCommandOutput,
  GetDetectorCommand,
  type GetDetectorCommandOutput,
  GuardDutyClient,
  paginateListDetectors,
} from '@aws-sdk/client-guardduty';
import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { GuardDutyFeature, GuardDutyOrganization, GuardDutySettings } from './model.ts';

const MAX_DETECTORS = 50;

/**
 * The id of the region's detector; null where there is none. AWS allows one for each account and region.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListDetectors.html
 */
export async function readDetectorId(context: CollectorContext): Promise<Observed<string | null>> {
  const client = context.clientFor(GuardDutyClient);
  return context.read('guardduty:ListDetectors', async () => {
    const ids: string[] = [];
    for await (const page of paginateListDetectors({ client, pageSize: MAX_DETECTORS }, {})) {
      ids.push(...(page.DetectorIds ?? []));
    }
    return ids.sort()[0] ?? null;
  });
}

/** The detector's status and features: `Features`, because the older `DataSources` know nothing of runtime monitoring. */
export async function readSettings(
  context: CollectorContext,
  detectorId: string,
  uid: string,
): Promise<Observed<GuardDutySettings>> {
  const client = context.clientFor(GuardDutyClient);
  const answer = await context.read(
    'guardduty:GetDetector',
    () => client.send(new GetDetectorCommand({ DetectorId: detectorId })),
    { resource: uid },
  );
  return mapObserved(answer, toSettings);
}

/**
 * What the delegated administrator has configured; null for every other account, which GuardDuty answers with a
 * BadRequestException.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DescribeOrganizationConfiguration.html
 */
export async function readOrganization(
  context: CollectorContext,
  detectorId: string,
  uid: string,
): Promise<Observed<GuardDutyOrganization | null>> {
  const client = context.clientFor(GuardDutyClient);
  const answer = await context.readOptional(
    'guardduty:DescribeOrganizationConfiguration',
    ['BadRequestException'],
    () => client.send(new DescribeOrganizationConfigurationCommand({ DetectorId: detectorId })),
    { resource: uid },
  );
  return mapObserved(answer, (configuration) =>
    configuration === null ? null : { autoEnableMembers: autoEnableMembers(configuration) },
  );
}

function toSettings(answer: GetDetectorCommandOutput): GuardDutySettings {
  return { status: answer.Status ?? '', features: featuresOf(answer) };
}

function featuresOf({ Features }: GetDetectorCommandOutput): Observed<readonly GuardDutyFeature[]> {
  if (Features === undefined) return undecidable('guardduty:GetDetector returned no features.');
  const features: GuardDutyFeature[] = [];
  for (const { Name, Status, AdditionalConfiguration = [] } of Features) {
    if (Name === undefined) return undecidable('guardduty:GetDetector returned a feature without a name.');
    const additional = AdditionalConfiguration.flatMap((item) =>
      item.Name === undefined ? [] : [{ name: item.Name, status: item.Status ?? '' }],
    );
    features.push({ name: Name, status: Status ?? '', additional: additional.sort(byName) });
  }
  return known(features.sort(byName));
}

/** Answers without the newer member still have the flag that it replaces: it enrols new accounts. */
function autoEnableMembers(answer: DescribeOrganizationConfigurationCommandOutput): string {
  return answer.AutoEnableOrganizationMembers ?? (answer.AutoEnable === true ? 'NEW' : 'NONE');
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1;
}
