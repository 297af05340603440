import type { ReportCounts } from './counts.ts';
import type { ReportHead, Trend } from './model.ts';
import type { PreviousHead } from './previous.ts';
import type { Closed } from './tally.ts';

/** A year of weekly reports. */
const MAX_POINTS = 53;

/** What has changed since the report before. */
export function trendOf(
  previous: PreviousHead,
  { byChange, notRescanned, total, staleFailures, unjudgedFailures }: ReportCounts,
  {
    runId,
    startedAt,
    tool,
    closed,
    remarks,
  }: Pick<ReportHead, 'runId' | 'startedAt' | 'tool'> & {
    readonly closed: Closed;
    readonly remarks: readonly string[];
  },
): Trend {
  const { counts } = total.part;
  // What cannot be judged any more has not been mended: the line does not fall for it.
  const failed = counts.FAILED - counts.waived + unjudgedFailures;
  const point = { at: startedAt, failed, stale: staleFailures + unjudgedFailures };
  return {
    previousRunId: previous.runId,
    previousAt: previous.startedAt,
    byChange: { ...byChange, ...closed },
    points: [...previous.points.filter(({ at }) => at !== startedAt), point].slice(-MAX_POINTS),
    notRescanned: [...notRescanned]
      .map(([accountId, count]) => ({ accountId, count }))
      .sort((left, right) => right.count - left.count || (left.accountId < right.accountId ? -1 : 1)),
    remarks: [
      ...remarks,
      ...(previous.runId === runId
        ? ['No run has finished since the report before: that nothing has changed is not known.']
        : []),
      ...(previous.ruleSetHash === tool.ruleSetHash
        ? []
        : ['The rules have changed since the report before, so that failures may be new without a change in AWS.']),
    ],
  };
}
