import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** GuardDuty publishes its findings itself; what is told here is that nobody has dealt with them. */
export const guarddutyFindingsTriaged = defineCheck({
  id: 'guardduty-findings-triaged',
  title: 'GuardDuty findings on containers should be dealt with in time',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'A high severity finding that lies for days is an intrusion that nobody has looked at, or noise that hides the next one.',
  limits:
    'Counts findings of severity 7 and above on containers that are not archived in GuardDuty. The workflow state in Security Hub is not read: teams that triage only there should archive what they have closed, or switch the check off.',
  remediation: {
    text: 'Investigate the findings named in the evidence, then archive them; write a suppression rule for those that are expected.',
    url: 'https://docs.aws.amazon.com/guardduty/latest/ug/findings_management.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.4.4'] },
  parameters: z.strictObject({
    maxAgeDays: z.number().int().positive().default(7).describe('For how many days a finding may stay unarchived.'),
  }),
  evaluate: ({ detector, urgentFindings }, { now, parameters }) =>
    whenKnown(detector, (settings) => {
      if (settings === null || settings.status === 'DISABLED') return notApplicable('GuardDuty is off in the region');
      return whenKnown(urgentFindings, ({ total, oldest }) => {
        const latest = now.getTime() - parameters.maxAgeDays * DAY_MS;
        const overdue = oldest.filter(({ createdAt }) => Date.parse(createdAt) < latest);
        if (overdue.length === 0) return passed();
        const expected = `archived within ${parameters.maxAgeDays} days`;
        return failed('findings of high severity on containers have not been dealt with', [
          { path: 'findings.unarchived', observed: total, expected: 0 },
          ...overdue.map(({ id, type, severity, createdAt }) => ({
            path: `findings[${id}]`,
            observed: { type, severity, createdAt },
            expected,
          })),
        ]);
      });
    }),
});
