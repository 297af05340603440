import {
  type DetectorAdditionalConfiguration,
  type DetectorFeatureConfiguration,
  type DetectorFeatureConfigurationResult,
  GetDetectorCommand,
  GuardDutyClient,
  paginateListDetectors,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { defineFix, type FixDecision, refused } from '../fix.ts';

type Switch = {
  readonly name: string;
  readonly status: string;
  /** `GUARDDUTY_POLICY` where the organization has decided it; null where the account may. */
  readonly managedBy: string | null;
};

/** A type alias and no interface: only those are JSON for TypeScript. */
export type DetectorFeature = Switch & { readonly additional: readonly Switch[] };

export type DetectorFeatures = {
  /** Null where the region has no detector. */
  readonly detectorId: string | null;
  readonly status: string;
  /** Sorted by name. */
  readonly features: readonly DetectorFeature[];
};

/** Watches EKS, ECS on Fargate and EC2. */
const CURRENT = 'RUNTIME_MONITORING';
/** Watches EKS alone. */
const LEGACY = 'EKS_RUNTIME_MONITORING';

/** What each check asks for: the feature of that name, or the runtime feature with an agent that GuardDuty manages. */
const WISHES: Readonly<Record<string, { readonly feature?: string; readonly agent?: string }>> = {
  'guardduty-eks-audit-logs-enabled': { feature: 'EKS_AUDIT_LOGS' },
  // Without its agent runtime monitoring sees nothing, so both are switched on together.
  'guardduty-eks-runtime-enabled': { agent: 'EKS_ADDON_MANAGEMENT' },
  'guardduty-eks-agent-managed': { agent: 'EKS_ADDON_MANAGEMENT' },
  'guardduty-ecs-runtime-enabled': { feature: CURRENT, agent: 'ECS_FARGATE_AGENT_MANAGEMENT' },
  'guardduty-ec2-runtime-enabled': { feature: CURRENT, agent: 'EC2_AGENT_MANAGEMENT' },
};

/**
 * Switches on features of a detector that exists and is on. Runtime monitoring of EKS is one of two features, and GuardDuty
 * refuses a request that names both: the one already in use is kept, else the current one is taken.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateDetector.html
 */
export const guarddutyDetectorFeatures = defineFix<'AwsGuardDutyDetector', DetectorFeatures>({
  id: 'guardduty-detector-features',
  checks: Object.keys(WISHES),
  resourceType: 'AwsGuardDutyDetector',
  does: 'switches on EKS audit logs, or runtime monitoring with the agent that GuardDuty manages',
  permissions: ['guardduty:GetDetector', 'guardduty:ListDetectors', 'guardduty:UpdateDetector'],
  needsFacts: true,
  nameOf: (uid) => /^arn:[\w-]+:guardduty:([\w-]+):\d{12}:detector$/.exec(uid)?.[1],

  async read(place) {
    const client = place.clientFor(GuardDutyClient);
    const ids = await place.call('guardduty:ListDetectors', async () => {
      const found: string[] = [];
      for await (const page of paginateListDetectors({ client, pageSize: 50 }, {})) {
        found.push(...(page.DetectorIds ?? []));
      }
      return found.sort();
    });
    const [detectorId = null] = ids;
    if (detectorId === null) return { detectorId, status: 'absent', features: [] };
    const { Status, Features } = await place.call('guardduty:GetDetector', () =>
      client.send(new GetDetectorCommand({ DetectorId: detectorId })),
    );
    return { detectorId, status: Status ?? 'unknown', features: (Features ?? []).map(featureOf).sort(byName) };
  },

  decide(settings, { checkId }) {
    const { detectorId, status, features } = settings;
    if (detectorId === null) {
      return refused(
        'GuardDuty has no detector in the region, and Hullcheck creates none: enable GuardDuty first, in the account or by its administrator.',
      );
    }
    if (status !== 'ENABLED') {
      return refused(`The GuardDuty detector is ${status}: somebody suspended it, and has to enable it first.`);
    }
    const wish = WISHES[checkId] ?? {};
    const legacy = isOn(features, LEGACY) && !isOn(features, CURRENT);
    if (wish.feature === CURRENT && legacy) {
      return refused(
        `The detector uses ${LEGACY}, which watches EKS alone and excludes ${CURRENT}: migrate to ${CURRENT} first, as GuardDuty's guide describes.`,
      );
    }
    return switchOn(settings, wish.feature ?? (legacy ? LEGACY : CURRENT), wish.agent);
  },

  async write(place, { before, wanted }) {
    const client = place.clientFor(GuardDutyClient);
    const changed = wanted.features.filter((feature) => !before.features.includes(feature));
    await place.call('guardduty:UpdateDetector', () =>
      client.send(
        new UpdateDetectorCommand({
          DetectorId: wanted.detectorId ?? undefined,
          Features: changed.map(configurationOf),
        }),
      ),
    );
  },
});

function switchOn(settings: DetectorFeatures, name: string, agent: string | undefined): FixDecision<DetectorFeatures> {
  const { features } = settings;
  const feature = find(features, name) ?? { name, status: 'DISABLED', managedBy: null, additional: [] };
  const management =
    agent === undefined
      ? undefined
      : (find(feature.additional, agent) ?? { name: agent, status: 'DISABLED', managedBy: null });
  // What is on already stays as it is, whoever manages it.
  const policy = [feature, management].find((one) => one !== undefined && one.status !== 'ENABLED' && one.managedBy);
  if (policy !== undefined) {
    return refused(
      `A policy of the organization (${policy.managedBy}) manages ${policy.name}: change that policy, or ask the GuardDuty administrator to.`,
    );
  }
  const additional =
    management === undefined
      ? feature.additional
      : [...feature.additional.filter((one) => one.name !== agent), { ...management, status: 'ENABLED' }].sort(byName);
  const wanted: DetectorFeature = { ...feature, status: 'ENABLED', additional };
  const others = features.filter((one) => one.name !== name);
  const what = agent === undefined ? name : `${name} with ${agent}`;
  const next =
    agent === 'ECS_FARGATE_AGENT_MANAGEMENT'
      ? ' Running tasks get the agent when their services are deployed again.'
      : '';
  return {
    kind: 'change',
    says: `Enables ${what} in the GuardDuty detector; GuardDuty charges for it by usage.${next}`,
    wanted: { ...settings, features: [...others, wanted].sort(byName) },
  };
}

function featureOf(feature: DetectorFeatureConfigurationResult): DetectorFeature {
  return { ...switchOf(feature), additional: (feature.AdditionalConfiguration ?? []).map(switchOf).sort(byName) };
}

function switchOf({
  Name,
  Status,
  ManagedBy,
}: {
  Name?: string | undefined;
  Status?: string | undefined;
  ManagedBy?: string | undefined;
}): Switch {
  return { name: Name ?? '', status: Status ?? '', managedBy: ManagedBy ?? null };
}

/** The switches of a feature as they are to be; those that a policy of the organization holds are not ours to send. */
function configurationOf({ name, status, additional }: DetectorFeature): DetectorFeatureConfiguration {
  const own = additional.filter(({ managedBy }) => managedBy === null);
  return {
    Name: name as DetectorFeatureConfiguration['Name'],
    Status: status as DetectorFeatureConfiguration['Status'],
    ...(own.length === 0
      ? {}
      : {
          AdditionalConfiguration: own.map(
            (one) => ({ Name: one.name, Status: one.status }) as DetectorAdditionalConfiguration,
          ),
        }),
  };
}

function isOn(features: readonly Switch[], name: string): boolean {
  return find(features, name)?.status === 'ENABLED';
}

function find<T extends Switch>(switches: readonly T[], name: string): T | undefined {
  return switches.find((one) => one.name === name);
}

function byName(left: Switch, right: Switch): number {
  return left.name < right.name ? -1 : 1;
}
