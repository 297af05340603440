import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** One for each execution environment: Powertools reads level, name and namespace from the environment. */
export const logger = new Logger({ serviceName: 'hullcheck' });
export const metrics = new Metrics({ namespace: 'Hullcheck', serviceName: 'hullcheck' });

/** The numbers that alarms and the dashboard look at. */
export type MetricName =
  | 'AccountsPlanned'
  | 'AccountsFailed'
  | 'ServicesScanned'
  | 'ResourcesScanned'
  | 'FindingsPublished'
  | 'FindingsRejected'
  | 'ResourcesRechecked'
  | 'EventsDropped'
  | 'UnitsMissing'
  | 'RunsFinished'
  | 'WatchProblems'
  | 'OverdueAccounts'
  | 'ScopesLost'
  | 'DeadLetters'
  | 'Failures';

/** Counts something; a zero is counted too, so that an alarm can tell "none" from "nobody looked". */
export function count(name: MetricName, value: number): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}
