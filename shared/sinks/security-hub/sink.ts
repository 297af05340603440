import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { ClientClass, IamAction, Sink, SinkReport, Transition } from '../../domain/ports.ts';
import { SinkReportBuilder } from '../sink-report.ts';
import { type AsffOptions, toAsff } from './asff.ts';
import type { ImportOptions } from './import-batch.ts';
import { importRegion } from './import-scope.ts';
import { type OverlapPolicy, overlapDecision } from './overlap.ts';
import { isBornWaived, ScopePublisher } from './scope-publisher.ts';
import { suppressedByWaiver } from './waiver-workflow.ts';

/** What publishing into an account's own Security Hub calls. */
export const SECURITY_HUB_PERMISSIONS: readonly IamAction[] = [
  'securityhub:BatchImportFindings',
  'securityhub:BatchUpdateFindings',
  'securityhub:DescribeHub',
  'securityhub:GetFindings',
  'securityhub:ListStandardsControlAssociations',
];

export interface SecurityHubSinkOptions extends AsffOptions, ImportOptions {
  /** A client of the finding's own account and region, with that account's publishing role. */
  readonly clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C;
  /** Also sets Workflow to RESOLVED on fixed findings that no analyst suppressed; off by default. */
  readonly resolveOnFix?: boolean;
  /** What happens to checks that an AWS control judges as well. */
  readonly overlap?: OverlapPolicy;
}

/**
 * Publishes changes to Security Hub CSPM: each finding with the credentials of its own account, into its own region.
 * What cannot be published is in the report: refused findings with id and code, and scopes without a hub.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export class SecurityHubSink implements Sink {
  readonly name = 'security-hub';
  readonly holdsFindings = true;
  readonly permissions = SECURITY_HUB_PERMISSIONS;
  readonly #options: SecurityHubSinkOptions;

  constructor(options: SecurityHubSinkOptions) {
    this.#options = options;
  }

  async publish(transitions: AsyncIterable<Transition> | Iterable<Transition>): Promise<SinkReport> {
    const report = new SinkReportBuilder(this.name);
    const publishers = new Map<string, ScopePublisher>();
    for await (const transition of transitions) {
      const decision = await overlapDecision(
        transition,
        this.#options.checkOf(transition.finding.checkId),
        this.#options.overlap,
      );
      if (decision.action === 'skip') continue;
      const { finding } = transition;
      const reportedBy = decision.action === 'informational' ? { reportedBy: decision.control } : {};
      const asff = toAsff({ ...transition, ...reportedBy }, this.#options);
      const whole =
        finding.waiver !== undefined && isBornWaived(transition)
          ? { ...asff, ...suppressedByWaiver(finding.waiver, transition.observedAt) }
          : asff;
      await this.#publisherFor(transition, publishers, report).add(transition, whole);
    }
    for (const publisher of publishers.values()) await publisher.flush();
    return report.build();
  }

  #publisherFor(
    { finding }: Transition,
    publishers: Map<string, ScopePublisher>,
    report: SinkReportBuilder,
  ): ScopePublisher {
    const { accountId } = finding.resource;
    const region = importRegion(finding.resource);
    const key = `${accountId} ${region}`;
    const known = publishers.get(key);
    if (known !== undefined) return known;
    const publisher = new ScopePublisher({
      ...this.#options,
      accountId,
      region,
      client: this.#options.clientFor(SecurityHubClient, accountId, region),
      report,
      resolveOnFix: this.#options.resolveOnFix ?? false,
    });
    publishers.set(key, publisher);
    return publisher;
  }
}
