import type { AnalystWorkflow, Ledger, LedgerRow, NewRow, RowKey } from '../domain/ledger.ts';
import { type ChangeEvent, listAt, onEvents, type Trigger, textAt } from '../domain/trigger.ts';
import { rowKeyOf, type ServiceOfCheck } from '../engine/finding-address.ts';
import { NOTE_AUTHOR, WAIVER_NOTE_PREFIX } from '../sinks/security-hub/waiver-workflow.ts';
import { changeRow } from './change-row.ts';

const STATUSES: ReadonlySet<string> = new Set(['NEW', 'NOTIFIED', 'RESOLVED', 'SUPPRESSED']);
const IMPORTED = 'Security Hub Findings - Imported';

/**
 * What Security Hub sends of every change of a finding, whoever made it; touches no resource.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
export const decisionTrigger: Trigger = onEvents('aws.securityhub', [IMPORTED], () => []);

/** What an event says of one of our findings. */
interface Said {
  readonly key: RowKey;
  readonly workflow: AnalystWorkflow;
}

/**
 * Keeps what analysts decided in Security Hub about our findings, so that alerts and reports respect it. The event of
 * our own import shows the workflow as it is, which is what is kept already: nothing is written then.
 *
 * @returns how many decisions were new
 */
export async function keepDecisions(
  events: readonly ChangeEvent[],
  { ledger, serviceOf }: { readonly ledger: Ledger; readonly serviceOf: ServiceOfCheck },
): Promise<number> {
  // One look at each row, whatever the order in which events came: the latest word counts.
  const latest = new Map<string, Said>();
  for (const said of events.flatMap((event) => decisionsIn(event, serviceOf))) {
    const earlier = latest.get(said.key.findingId);
    if (earlier === undefined || said.workflow.at >= earlier.workflow.at) latest.set(said.key.findingId, said);
  }
  const rows = await ledger.readRows([...latest.values()].map(({ key }) => key));
  let kept = 0;
  for (const { key, workflow } of latest.values()) {
    const written = await changeRow(ledger, key, (row) => decided(row, workflow), { row: rows.get(key.findingId) });
    if (written !== undefined) kept += 1;
  }
  return kept;
}

function decided(row: LedgerRow | undefined, workflow: AnalystWorkflow): NewRow | undefined {
  if (row === undefined || (row.workflow?.status ?? 'NEW') === workflow.status) return undefined;
  return row.workflow !== undefined && row.workflow.at >= workflow.at ? undefined : { ...row, workflow };
}

function decisionsIn(event: ChangeEvent, serviceOf: ServiceOfCheck): readonly Said[] {
  return listAt(event.detail, 'findings').flatMap((finding): Said[] => {
    const [id, status] = [textAt(finding, 'Id'), textAt(finding, 'Workflow', 'Status')];
    const key = id === undefined ? undefined : rowKeyOf(id, serviceOf);
    if (key === undefined || status === undefined || !STATUSES.has(status)) return [];
    if (!isOurProduct(textAt(finding, 'ProductArn'), event)) return [];
    const byUs = isOwnNote(textAt(finding, 'Note', 'UpdatedBy'), textAt(finding, 'Note', 'Text'), status);
    const at = new Date(event.time).toISOString();
    return [{ key, workflow: { status: status as AnalystWorkflow['status'], at, byUs } }];
  });
}

/** The tool suppresses for a waiver only: with another note of the tool it was an analyst, who left that note there. */
function isOwnNote(author: string | undefined, note: string | undefined, status: string): boolean {
  return author === NOTE_AUTHOR && (status !== 'SUPPRESSED' || note?.startsWith(WAIVER_NOTE_PREFIX) === true);
}

export function isDecision({ source, detailType }: ChangeEvent): boolean {
  return source === decisionTrigger.source && detailType === IMPORTED;
}

/** Another account's product of the same name, seen through aggregation, is told by its own region. */
function isOurProduct(arn: string | undefined, { accountId, region }: ChangeEvent): boolean {
  return arn?.endsWith(`:securityhub:${region}:${accountId}:product/${accountId}/default`) === true;
}
