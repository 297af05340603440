import type { Observed } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import {
  type Evidence,
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
} from '../../domain/verdict.ts';

export type Detector = ResourceByType['AwsGuardDutyDetector'];
export type DetectorSettings = NonNullable<Extract<Detector['detector'], { known: true }>['value']>;
export type Feature = Extract<DetectorSettings['features'], { known: true }>['value'][number];

/** Runtime monitoring of EKS is one of these, never both: the first also covers ECS and EC2. */
export const RUNTIME_FEATURES = ['RUNTIME_MONITORING', 'EKS_RUNTIME_MONITORING'] as const;

/**
 * Judges a detector that is on. One that is absent or disabled fails whatever its features say, also when these could
 * not be read: a disabled detector watches nothing.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetDetector.html
 */
export function whenDetectorOn(resource: Detector, judge: (settings: DetectorSettings) => Verdict): Verdict {
  return whenKnown(resource.detector, (settings) => {
    const evidence = [{ path: 'detector.status', observed: settings?.status ?? null, expected: 'ENABLED' }];
    if (settings === null) return failed('GuardDuty has no detector in the region', evidence);
    if (settings.status === 'DISABLED') return failed('the GuardDuty detector is disabled', evidence);
    if (settings.status === 'ENABLED') return judge(settings);
    return unknownBecause(
      { kind: 'undecidable', message: 'The GuardDuty detector has a status that Hullcheck does not know.' },
      evidence,
    );
  });
}

/**
 * Judges a feature only where something runs that it watches. Whether something does is part of the verdict: where it
 * could not be read, "off" may be a failure or of no concern, and so nothing is said but UNKNOWN.
 */
export function whenSomethingRuns(runs: Observed<boolean>, otherwise: string, judge: () => Verdict): Verdict {
  return whenKnown(runs, (value) => (value ? judge() : notApplicable(otherwise)));
}

/** Judges whether a feature of a detector that is on is enabled; one that is not listed is not. */
export function judgeFeature(resource: Detector, name: string, reason: string): Verdict {
  return whenDetectorOn(resource, ({ features }) =>
    whenKnown(features, (all) => judgeStatus(findByName(all, name)?.status, `features[${name}].status`, reason)),
  );
}

/** Judges whether GuardDuty puts its agent where runtime monitoring needs one, which is switched for each platform. */
export function judgeRuntimeAgent(
  resource: Detector,
  runtimeFeatures: readonly string[],
  agentManagement: string,
  reason: string,
): Verdict {
  return whenDetectorOn(resource, ({ features }) =>
    whenKnown(features, (all) => {
      const runtime = judgeRuntime(all, runtimeFeatures);
      if (runtime.verdict.status !== 'PASSED') return runtime.verdict;
      const path = `features[${runtime.feature?.name}].additionalConfiguration[${agentManagement}].status`;
      return judgeStatus(findByName(runtime.feature?.additional ?? [], agentManagement)?.status, path, reason);
    }),
  );
}

/** PASSED with the first of the features that is enabled, or why none is. */
export function judgeRuntime(
  features: readonly Feature[],
  names: readonly string[],
): { readonly verdict: Verdict; readonly feature?: Feature } {
  const present = names.flatMap((name) => findByName(features, name) ?? []);
  const enabled = present.find(({ status }) => status === 'ENABLED');
  if (enabled !== undefined) return { verdict: passed(), feature: enabled };
  // An unknown status of one may still mean that it is on.
  const unclear = present.find(({ status }) => status !== 'DISABLED');
  const name = unclear?.name ?? names[0] ?? '';
  const status = unclear?.status ?? findByName(features, name)?.status;
  return { verdict: judgeStatus(status, `features[${name}].status`, 'runtime monitoring is off') };
}

function judgeStatus(status: string | undefined, path: string, reason: string): Verdict {
  const evidence: Evidence[] = [{ path, observed: status ?? null, expected: 'ENABLED' }];
  if (status === 'ENABLED') return passed();
  if (status === 'DISABLED' || status === undefined) return failed(reason, evidence);
  return unknownBecause(
    { kind: 'undecidable', message: `${path} has a value that Hullcheck does not know.` },
    evidence,
  );
}

function findByName<T extends { readonly name: string }>(items: readonly T[], name: string): T | undefined {
  return items.find((item) => item.name === name);
}
