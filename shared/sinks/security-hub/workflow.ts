import {
  BatchUpdateFindingsCommand,
  paginateGetFindings,
  type SecurityHubClient,
  type WorkflowStatus,
} from '@aws-sdk/client-securityhub';
import { groupBy } from '../../domain/group-by.ts';
import { NOTE_AUTHOR, WAIVER_NOTE_PREFIX } from './waiver-workflow.ts';

/** What an analyst (or the tool) did with a finding. */
export interface WorkflowState {
  readonly status: WorkflowStatus;
  /** True where the note on it is the tool's own. */
  readonly suppressedByTool: boolean;
  readonly note: string | undefined;
}

export interface WorkflowChange {
  readonly id: string;
  readonly status: WorkflowStatus;
  readonly note?: string;
}

/** GetFindings takes at most 20 values of one filter. */
const IDS_AT_ONCE = 20;
const UPDATES_AT_ONCE = 100;

/**
 * Reads the workflow of a few findings of the tool's own product, by exact id and account (T96). Not a state store:
 * only asked before a workflow is changed, so that an analyst's decision is never overwritten.
 *
 * @returns by finding id; what Security Hub does not know is absent
 * @throws what the SDK throws
 */
export async function readWorkflow(
  client: SecurityHubClient,
  productArn: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, WorkflowState>> {
  const states = new Map<string, WorkflowState>();
  for (const some of chunked(ids, IDS_AT_ONCE)) {
    const Filters = {
      ProductArn: [{ Value: productArn, Comparison: 'EQUALS' as const }],
      Id: some.map((Value) => ({ Value, Comparison: 'EQUALS' as const })),
    };
    for await (const page of paginateGetFindings({ client, pageSize: 100 }, { Filters })) {
      for (const finding of page.Findings ?? []) {
        if (finding.Id === undefined) continue;
        states.set(finding.Id, {
          status: finding.Workflow?.Status ?? 'NEW',
          suppressedByTool:
            finding.Note?.UpdatedBy === NOTE_AUTHOR && finding.Note.Text?.startsWith(WAIVER_NOTE_PREFIX) === true,
          note: finding.Note?.Text,
        });
      }
    }
  }
  return states;
}

/**
 * Changes workflow states; changes with the same status and note go together.
 *
 * @returns the ids that Security Hub did not process, with its code
 * @throws what the SDK throws
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindings.html
 */
export async function changeWorkflow(
  client: SecurityHubClient,
  productArn: string,
  changes: readonly WorkflowChange[],
): Promise<readonly { readonly id: string; readonly code: string; readonly message: string }[]> {
  const groups = groupBy(changes, ({ status, note }) => JSON.stringify([status, note]));
  const refused: { id: string; code: string; message: string }[] = [];
  for (const group of groups.values()) {
    for (const some of chunked(group, UPDATES_AT_ONCE)) {
      const [first] = some;
      if (first === undefined) continue;
      const answer = await client.send(
        new BatchUpdateFindingsCommand({
          FindingIdentifiers: some.map(({ id }) => ({ Id: id, ProductArn: productArn })),
          Workflow: { Status: first.status },
          ...(first.note === undefined ? {} : { Note: { Text: first.note, UpdatedBy: NOTE_AUTHOR } }),
        }),
      );
      for (const failure of answer.UnprocessedFindings ?? []) {
        refused.push({
          id: failure.FindingIdentifier?.Id ?? '',
          code: failure.ErrorCode ?? 'Unknown',
          message: failure.ErrorMessage ?? '',
        });
      }
    }
  }
  return refused;
}

function* chunked<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
