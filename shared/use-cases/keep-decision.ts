import type { AnalystWorkflow, Ledger } from '../domain/ledger.ts';
import { type ChangeEvent, listAt, onEvents, type Trigger, textAt } from '../domain/trigger.ts';
import { rowKeyOf, type ServiceOfCheck } from '../engine/finding-address.ts';
import { NOTE_AUTHOR } from '../sinks/security-hub/waiver-workflow.ts';
import { changeRow } from './change-row.ts';

const STATUSES: ReadonlySet<string> = new Set(['NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED']);
const IMPORTED = 'Security Hub Findings - Imported';

/**
 * What Security Hub sends of every change of a finding, whoever made it; touches no resource.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
export const decisionTrigger: Trigger = onEvents('aws.securityhub', [IMPORTED], () => []);

/**
 * Keeps what analysts decided in Security Hub about our findings, so that alerts and reports respect it. The event of
 * our own import shows the workflow as it is, which is what is kept already: nothing is written then.
 *
 * @returns how many decisions were new
 */
export async function keepDecision(
  event: ChangeEvent,
  { ledger, serviceOf }: { readonly ledger: Ledger; readonly serviceOf: ServiceOfCheck },
): Promise<number> {
  let kept = 0;
  for (const finding of listAt(event.detail, 'findings')) {
    const [id, status] = [textAt(finding, 'Id'), textAt(finding, 'Workflow', 'Status')];
    const key = id === undefined ? undefined : rowKeyOf(id, serviceOf);
    if (key === undefined || status === undefined || !STATUSES.has(status)) continue;
    if (!isOurProduct(textAt(finding, 'ProductArn'), event)) continue;
    const workflow: AnalystWorkflow = {
      status: status as AnalystWorkflow['status'],
      at: new Date(event.time).toISOString(),
      byUs: textAt(finding, 'Note', 'UpdatedBy') === NOTE_AUTHOR,
    };
    const written = await changeRow(ledger, key, (row) => {
      if (row === undefined || (row.workflow?.status ?? 'NEW') === status) return undefined;
      return row.workflow !== undefined && row.workflow.at >= workflow.at ? undefined : { ...row, workflow };
    });
    if (written !== undefined) kept += 1;
  }
  return kept;
}

export function isDecision({ source, detailType }: ChangeEvent): boolean {
  return source === decisionTrigger.source && detailType === IMPORTED;
}

/** Another account's product of the same name, seen through aggregation, is told by its own region. */
function isOurProduct(arn: string | undefined, { accountId, region }: ChangeEvent): boolean {
  return arn?.endsWith(`:securityhub:${region}:${accountId}:product/${accountId}/default`) === true;
}
