import type { AwsSecurityFinding, BatchUpdateFindingsCommandInput } from '@aws-sdk/client-securityhub';
import type { AwsEvent } from '../events.ts';
import { batchUpdateFindings } from '../services/securityhub.ts';
import type { ChangePlace } from './cloud-trail.ts';

type Decision = Omit<BatchUpdateFindingsCommandInput, 'FindingIdentifiers' | 'Note'>;

/** Somebody of the security team who works in Security Hub's console. */
export class Analyst {
  readonly #place: ChangePlace;
  readonly #name: string;

  constructor(place: ChangePlace, name: string) {
    this.#place = place;
    this.#name = name;
  }

  /** Accepts a finding for good reasons, and says which. */
  suppress(id: string, reason: string): AwsSecurityFinding {
    return this.decide(id, { Workflow: { Status: 'SUPPRESSED' } }, reason);
  }

  /** Somebody has been told. */
  notify(id: string, reason: string): AwsSecurityFinding {
    return this.decide(id, { Workflow: { Status: 'NOTIFIED' } }, reason);
  }

  /** Takes a decision back. */
  reopen(id: string, reason: string): AwsSecurityFinding {
    return this.decide(id, { Workflow: { Status: 'NEW' } }, reason);
  }

  /**
   * Chooses findings and one of the custom actions for them; each finding is an event of its own.
   *
   * @param action the id of the custom action
   * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
   */
  act(action: string, ids: readonly string[]): readonly AwsEvent[] {
    const { account, region, bus } = this.#place;
    const held = [...region.security.findings.values()].filter(({ Id }) => ids.includes(Id ?? ''));
    return held.map((finding) =>
      bus.post({
        'detail-type': 'Security Hub Findings - Custom Action',
        source: 'aws.securityhub',
        account: account.id,
        region: region.name,
        resources: [`arn:aws:securityhub:${region.name}:${account.id}:action/custom/${action}`],
        detail: { actionName: action, actionDescription: `${action} of Hullcheck`, findings: [finding] },
      }),
    );
  }

  /**
   * Changes what analysts may change about a finding; Security Hub tells of it by an event.
   *
   * @returns the finding as Security Hub then holds it
   * @throws Error where there is no such finding
   */
  decide(id: string, decision: Decision, note: string): AwsSecurityFinding {
    const { findings } = this.#place.region.security;
    const held = () => [...findings.values()].find(({ Id }) => Id === id);
    const ProductArn = held()?.ProductArn;
    if (ProductArn === undefined) throw new Error(`Security Hub holds no finding ${id}`);
    batchUpdateFindings(this.#place, {
      ...decision,
      FindingIdentifiers: [{ Id: id, ProductArn }],
      Note: { Text: note, UpdatedBy: this.#name },
    });
    return held() as AwsSecurityFinding;
  }
}
