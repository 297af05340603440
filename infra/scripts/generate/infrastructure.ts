import { ACCOUNT_PERMISSIONS } from '../../../shared/aws/accounts.ts';
import type { Collector } from '../../../shared/domain/ports.ts';
import { patternOf } from '../../../shared/domain/trigger.ts';
import type { Fix } from '../../../shared/fixes/fix.ts';
import { ledgerPermissions } from '../../../shared/ledger/dynamodb.ts';
import { SecurityHubSink } from '../../../shared/sinks/security-hub/sink.ts';
import { InMemoryAlertMemory } from '../../../shared/sinks/sns/alert-memory.ts';
import { SnsSink } from '../../../shared/sinks/sns/sink.ts';
import { decisionTrigger } from '../../../shared/use-cases/keep-decision.ts';
import { generatePolicies } from './policies.ts';
import { generateRules, type RulePattern } from './rules.ts';

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
  return new Map([
    ...generatePolicies({
      reading: collectors.flatMap(({ permissions }) => permissions),
      accounts: ACCOUNT_PERMISSIONS,
      publishing: declaringSinks().flatMap(({ permissions }) => permissions),
      ledger: ledgerPermissions,
      responding: fixes.flatMap(({ permissions }) => permissions),
    }),
    ...generateRules(
      collectors.flatMap(({ triggers }) => triggers ?? []),
      [DECISIONS],
    ),
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
