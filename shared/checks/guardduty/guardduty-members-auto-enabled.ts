import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';

/** An account that nobody remembers to enrol is the one that nobody watches. */
export const guarddutyMembersAutoEnabled = defineCheck({
  id: 'guardduty-members-auto-enabled',
  title: 'GuardDuty should be enabled automatically for all accounts of the organization',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'MEDIUM',
  severityIndependentOfUse: true,
  rationale:
    'Accounts are made faster than they are enrolled by hand; without auto-enable new ones run unwatched, and members can stay out.',
  limits:
    'Only the delegated administrator can see it, so it does not apply in other accounts. Which features are enabled with the detector is judged in each account.',
  remediation: {
    text: 'Set auto-enable of the organization configuration to ALL in the delegated administrator account, in this region.',
    url: 'https://docs.aws.amazon.com/guardduty/latest/ug/set-guardduty-auto-enable-preferences.html',
  },
  frameworks: {},
  evaluate: ({ organization }) =>
    whenKnown(organization, (configuration) => {
      if (configuration === null) return notApplicable('the account is not the delegated administrator of GuardDuty');
      const { autoEnableMembers } = configuration;
      const evidence = [
        { path: 'organization.autoEnableOrganizationMembers', observed: autoEnableMembers, expected: 'ALL' },
      ];
      switch (autoEnableMembers) {
        case 'ALL':
          return passed();
        case 'NEW':
          return failed('GuardDuty is enabled automatically for new accounts only', evidence, {
            severity: 'LOW',
            because: 'accounts that join from now on are enrolled',
          });
        case 'NONE':
          return failed('GuardDuty is not enabled automatically for accounts of the organization', evidence);
        default:
          return unknownBecause(
            { kind: 'undecidable', message: 'Auto-enable of GuardDuty has a value that Hullcheck does not know.' },
            evidence,
          );
      }
    }),
});
