import { ACCOUNT_PERMISSIONS } from '../../../shared/aws/accounts.ts';
import { ORGANIZATION_PERMISSIONS } from '../../../shared/aws/organization.ts';
import type { Collector } from '../../../shared/domain/ports.ts';
import { patternOf } from '../../../shared/domain/trigger.ts';
import type { Fix } from '../../../shared/fixes/fix.ts';
import { ledgerPermissions } from '../../../shared/ledger/dynamodb.ts';
import { SecurityHubSink } from '../../../shared/sinks/security-hub/sink.ts';
import { InMemoryAlertMemory } from '../../../shared/sinks/sns/alert-memory.ts';
import { NOTICE_PERMISSIONS } from '../../../shared/sinks/sns/report-notice.ts';
import { SnsSink } from '../../../shared/sinks/sns/sink.ts';
import { GATE_ANSWERING, GATE_READING } from '../../../shared/use-cases/gate/permissions.ts';
import { decisionTrigger } from '../../../shared/use-cases/keep-decision.ts';
import { generateMemberAccount } from './member-account.ts';
import { generatePolicies } from './policies.ts';
import { generateRules, type RulePattern, rulePatterns } from './rules.ts';

/** What analysts do to our own findings; Security Hub sends as much about everybody else's. */
const DECISIONS: RulePattern = {
  ...patternOf(decisionTrigger),
  detail: { findings: { Id: [{ prefix: 'hullcheck/' }] } },
};

/** The parts of the template that follow from what the code declares beside its calls. */
export function generateInfrastructure(
  collectors: readonly Collector[],
  fixes: readonly Fix[],
): ReadonlyMap<string, string> {
  const reading = collectors.flatMap(({ permissions }) => permissions);
  const publishing = declaringSinks().flatMap(({ permissions }) => permissions);
  const responding = fixes.flatMap(({ permissions }) => permissions);
  const triggers = collectors.flatMap((collector) => collector.triggers ?? []);
  return new Map([
    ...generatePolicies({
      reading,
      accounts: ACCOUNT_PERMISSIONS,
      publishing,
      ledger: ledgerPermissions,
      organization: ORGANIZATION_PERMISSIONS,
      responding,
      gate: { reading: GATE_READING, answering: GATE_ANSWERING },
      report: NOTICE_PERMISSIONS,
    }),
    ...generateRules(triggers, [DECISIONS]),
    ...generateMemberAccount({
      // The last is what only doctor asks: whether the pulls of a scan count as use.
      reading: [
        ...reading,
        ...ACCOUNT_PERMISSIONS.filter((action) => action !== 'sts:AssumeRole'),
        'ecr:ListPullTimeUpdateExclusions',
      ],
      publishing: publishing.filter((action) => action.startsWith('securityhub:')),
      responding,
      patterns: rulePatterns(triggers, [DECISIONS]),
    }),
  ]);
}

/** The sinks of the deployment, only to be asked what they would call. */
function declaringSinks() {
  const clientFor = (): never => {
    throw new Error('nothing is published while the template is generated');
  };
  return [
    new SecurityHubSink({ checkOf: () => undefined, toolVersion: '', clientFor }),
    new SnsSink({
      checkOf: () => undefined,
      clientFor,
      topics: {},
      memory: new InMemoryAlertMemory(0),
      accountNameOf: () => undefined,
      ownershipOf: () => ({}),
    }),
  ];
}
