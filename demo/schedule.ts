import type { DemoFunction } from './lambda.ts';
import { uuidOf } from './seed/tidewater.ts';

/** A schedule of EventBridge Scheduler whose target is a function. */
export interface DemoSchedule<Event, Result> {
  name: string;
  group?: string;
  target: DemoFunction<Event, Result>;
  /** The target's input, with Scheduler's own keywords; without it Scheduler sends its standard event. */
  input?: string;
}

/**
 * Invokes the target of a schedule as Scheduler would at this moment.
 *
 * @throws what the function throws, and SyntaxError for an input that is not JSON
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export async function runSchedule<Event, Result>(schedule: DemoSchedule<Event, Result>): Promise<Result> {
  const { name, group = 'default', target, input } = schedule;
  const { accountId, region, now } = target.settings;
  const arn = `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
  const time = `${now().toISOString().slice(0, 19)}Z`;
  const id = uuidOf(`${arn} at ${time}`);
  const event =
    input === undefined
      ? {
          version: '0',
          id,
          'detail-type': 'Scheduled Event',
          source: 'aws.scheduler',
          account: accountId,
          time,
          region,
          resources: [arn],
          detail: '{}',
        }
      : JSON.parse(
          input
            .replaceAll('<aws.scheduler.schedule-arn>', arn)
            .replaceAll('<aws.scheduler.scheduled-time>', time)
            .replaceAll('<aws.scheduler.execution-id>', id)
            .replaceAll('<aws.scheduler.attempt-number>', '1'),
        );
  return target.invoke(event as Event);
}
