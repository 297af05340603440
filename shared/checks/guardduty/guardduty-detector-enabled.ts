import { defineCheck } from '../../domain/check.ts';
import { passed } from '../../domain/verdict.ts';
import { whenDetectorOn } from './judge-detector.ts';

/** Detectors are regional: a region without one is where nobody looks. */
export const guarddutyDetectorEnabled = defineCheck({
  id: 'guardduty-detector-enabled',
  title: 'GuardDuty should be enabled in every region in use',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'HIGH',
  rationale:
    'GuardDuty works region by region: where it is off, stolen credentials, crypto miners and calls to command servers go unnoticed.',
  remediation: {
    text: 'Enable GuardDuty in the region, best from the delegated administrator with auto-enable for all accounts.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-1',
  },
  frameworks: { 'aws-fsbp': ['GuardDuty.1'] },
  relatedControls: { 'nist-800-190': ['4.4.4'] },
  overlapsWith: ['GuardDuty.1'],
  evaluate: (detector) => whenDetectorOn(detector, () => passed()),
});
