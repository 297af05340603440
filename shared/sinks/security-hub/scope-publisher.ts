import { type AwsSecurityFinding, DescribeHubCommand, type SecurityHubClient } from '@aws-sdk/client-securityhub';
import { classifyError, errorName } from '../../aws/errors.ts';
import type { Transition } from '../../domain/ports.ts';
import type { SinkReportBuilder } from '../sink-report.ts';
import { productArn } from './asff.ts';
import { type ImportOptions, importBatch, MAX_BATCH_BYTES, MAX_BATCH_FINDINGS } from './import-batch.ts';
import { asffBytes } from './sanitize.ts';
import { waiverNote } from './waiver-workflow.ts';
import { changeWorkflow, readWorkflow, type WorkflowChange, type WorkflowState } from './workflow.ts';

interface Waiting {
  readonly transition: Transition;
  readonly asff: AwsSecurityFinding;
}

export interface ScopePublisherOptions extends ImportOptions {
  readonly accountId: string;
  readonly region: string;
  readonly client: SecurityHubClient;
  readonly report: SinkReportBuilder;
  readonly resolveOnFix: boolean;
}

const HUB_NOT_ENABLED = new Set(['InvalidAccessException', 'ResourceNotFoundException']);

/** Publishes into the Security Hub of one account and region, in full batches, as that account itself. */
export class ScopePublisher {
  readonly #options: ScopePublisherOptions;
  #waiting = new Map<string, Waiting>();
  #bytes = 0;
  /** Undefined until asked; null when the hub is there; else why nothing can be published. */
  #obstacle: string | null | undefined;

  constructor(options: ScopePublisherOptions) {
    this.#options = options;
  }

  /** Takes one finding; sends the batch when it is full. */
  async add(transition: Transition, asff: AwsSecurityFinding): Promise<void> {
    const bytes = asffBytes(asff) + 1;
    // Two changes of one finding go in two calls, so that their order is kept.
    const full = this.#waiting.size >= MAX_BATCH_FINDINGS || this.#bytes + bytes > MAX_BATCH_BYTES;
    if (full || this.#waiting.has(transition.finding.id)) await this.flush();
    this.#waiting.set(transition.finding.id, { transition, asff });
    this.#bytes += bytes;
  }

  /** Sends what is waiting. Never throws for what AWS says: it goes into the report. */
  async flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = new Map();
    this.#bytes = 0;
    if (batch.size === 0) return;
    const { accountId, region, report } = this.#options;
    const obstacle = await this.#findObstacle();
    if (obstacle !== null) {
      report.notPublished(accountId, region, obstacle, batch.size);
      return;
    }
    const accepted = await this.#import(batch);
    const refused = await this.#followUp(accepted);
    report.published(accepted.length - refused);
  }

  /** Asks once for each run whether the hub is on (SH-10). */
  async #findObstacle(): Promise<string | null> {
    if (this.#obstacle !== undefined) return this.#obstacle;
    try {
      await this.#options.client.send(new DescribeHubCommand({}));
      this.#obstacle = null;
    } catch (error) {
      this.#obstacle = HUB_NOT_ENABLED.has(errorName(error))
        ? 'Security Hub CSPM is not enabled in this account and region: enable it there, or take the region out of publishing.'
        : publishingSentence(error, 'securityhub:DescribeHub');
    }
    return this.#obstacle;
  }

  async #import(batch: ReadonlyMap<string, Waiting>): Promise<readonly Waiting[]> {
    const { client, report } = this.#options;
    const items = [...batch.values()];
    try {
      const rejected = await importBatch(
        client,
        items.map(({ asff }) => asff),
        this.#options,
      );
      for (const { id, code, message } of rejected) report.rejected(id, code, message);
      const refused = new Set(rejected.map(({ id }) => id));
      return items.filter(({ transition }) => !refused.has(transition.finding.id));
    } catch (error) {
      const message = publishingSentence(error, 'securityhub:BatchImportFindings');
      for (const { transition } of items) report.rejected(transition.finding.id, errorName(error), message);
      return [];
    }
  }

  /** Sets workflow states where the tool may: waivers, their expiry, and fixes where that is switched on. */
  async #followUp(accepted: readonly Waiting[]): Promise<number> {
    const { client, report, resolveOnFix } = this.#options;
    const concerned = accepted.filter(({ transition }) => touchesWorkflow(transition, resolveOnFix));
    const [first] = concerned;
    if (first === undefined) return 0;
    const arn = productArn(first.transition.finding.resource);
    const ids = concerned.map(({ transition }) => transition.finding.id);
    try {
      const states = await readWorkflow(client, arn, ids);
      const changes = concerned.flatMap(({ transition }): WorkflowChange[] => {
        const state = states.get(transition.finding.id);
        return state === undefined ? [] : changeFor(transition, state);
      });
      const refused = [...(await changeWorkflow(client, arn, changes)), ...notYetThere(concerned, states)];
      for (const { id, code, message } of refused) report.rejected(id, code, message);
      return refused.length;
    } catch (error) {
      const message = publishingSentence(error, 'securityhub:BatchUpdateFindings');
      for (const id of ids) report.rejected(id, errorName(error), message);
      return ids.length;
    }
  }
}

/** A waived finding that is new is born suppressed by its first import and needs nothing afterwards. */
export function isBornWaived({ finding, firstSeenAt, observedAt, neverPublished }: Transition): boolean {
  const isNew = neverPublished ?? firstSeenAt === observedAt;
  return finding.status === 'FAILED' && finding.waiver !== undefined && isNew;
}

function touchesWorkflow(transition: Transition, resolveOnFix: boolean): boolean {
  if (endsSuppression(transition)) return true;
  if (transition.kind === 'fixed') return resolveOnFix;
  if (transition.kind === 'gone') return false;
  return transition.finding.waiver !== undefined && !isBornWaived(transition);
}

/**
 * A finding that fails and is not waived must not stay hidden by a waiver. One that comes back may have been waived
 * before: Security Hub leaves SUPPRESSED as it is when a finding becomes active again.
 */
function endsSuppression({ kind, finding }: Transition): boolean {
  return kind === 'waiver-expired' || (kind === 'reopened' && finding.waiver === undefined);
}

/** A waived finding that Security Hub does not show yet is not suppressed yet: it must be tried again, not forgotten. */
function notYetThere(concerned: readonly Waiting[], states: ReadonlyMap<string, unknown>) {
  return concerned
    .filter(({ transition: { finding } }) => finding.waiver !== undefined && !states.has(finding.id))
    .map(({ transition: { finding } }) => ({
      id: finding.id,
      code: 'NotVisibleYet',
      message: 'Security Hub does not show the finding yet, so it could not be suppressed; the next run tries again.',
    }));
}

/** The analyst's own decision always stays: SUPPRESSED without the tool's note is never touched (SH-8, SH-11). */
function changeFor(transition: Transition, state: WorkflowState): WorkflowChange[] {
  const { kind, finding } = transition;
  const suppressed = state.status === 'SUPPRESSED';
  if (endsSuppression(transition)) {
    return suppressed && state.suppressedByTool
      ? [{ id: finding.id, status: 'NEW', note: 'hullcheck: the waiver has expired or was withdrawn' }]
      : [];
  }
  if (kind === 'fixed') return suppressed ? [] : [{ id: finding.id, status: 'RESOLVED' }];
  if (finding.waiver === undefined || (suppressed && !state.suppressedByTool)) return [];
  const note = waiverNote(finding.waiver);
  // It was suppressed for this waiver already: whoever took it back since was an analyst.
  return state.note === note ? [] : [{ id: finding.id, status: 'SUPPRESSED', note }];
}

function publishingSentence(error: unknown, operation: string): string {
  return classifyError(error, operation).message.replace('the reading role', 'the publishing role');
}
