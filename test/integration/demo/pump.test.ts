import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoFunction, type FunctionHandler } from '#demo/lambda.ts';
import { Pump } from '#demo/pump.ts';
import { runSchedule } from '#demo/schedule.ts';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, startSeeded } from './clients.ts';

let demo: DemoAccount;
let clock = Date.UTC(2026, 10, 23, 12);

beforeAll(async () => {
  demo = await startSeeded();
});

afterAll(() => demo.close());

function functionOf<Event, Result>(handler: FunctionHandler<Event, Result>, timeoutSeconds = 60) {
  const settings = { name: 'scan', accountId: '111122223333', region: 'us-east-1', timeoutSeconds };
  return new DemoFunction({ ...settings, now: () => new Date(clock) }, handler);
}

type Answer = SQSBatchResponse | undefined;

/** A queue of its own with these messages, and a pump from it to the handler. */
async function pumping(queue: string, bodies: string[], handler: (event: SQSEvent) => Promise<Answer>, more = {}) {
  const queues = demo.queues();
  await queues.create(`${queue}-dead`);
  await queues.create(queue, { deadLetters: { queue: `${queue}-dead`, maxReceiveCount: 3 } });
  for (const body of bodies) await queues.send(queue, body);
  return { queues, pump: new Pump({ queues, queue, consumer: functionOf(handler), ...more }) };
}

const done = async (): Promise<Answer> => ({ batchItemFailures: [] });

describe('the pump', () => {
  it('hands over what the SDK has sent as a true SQS event', async () => {
    const events: SQSEvent[] = [];
    const { queues, pump } = await pumping('true-events', [], async (event) => {
      events.push(event);
      return done();
    });
    const sqs = new SQSClient(configOf(demo));
    await sqs.send(new SendMessageCommand({ QueueUrl: queues.urlOf('true-events'), MessageBody: '{"unit":1}' }));
    const batch = await pump.once();
    const record = events[0]?.Records[0];
    expect(batch).toEqual({ done: [record?.messageId], returned: [] });
    expect(record).toMatchObject({
      body: '{"unit":1}',
      attributes: { ApproximateReceiveCount: '1', SenderId: '111122223333' },
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:true-events',
      awsRegion: 'us-east-1',
    });
    expect(await pump.once()).toBeUndefined();
  });

  it('cuts the queue into batches', async () => {
    const sizes: number[] = [];
    const bodies = Array.from({ length: 12 }, (_, index) => `message ${index}`);
    const { pump } = await pumping('batches', bodies, async ({ Records }) => {
      sizes.push(Records.length);
      return done();
    });
    await pump.drain();
    expect(sizes).toEqual([10, 2]);
  });

  it('returns only the messages that the handler names, and counts their receives', async () => {
    const seen: string[] = [];
    const handler = async ({ Records }: SQSEvent): Promise<Answer> => {
      seen.push(...Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`));
      const bad = Records.filter(
        ({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1',
      );
      return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    const { pump } = await pumping('partial', ['good', 'bad'], handler);
    await pump.drain();
    expect(seen).toEqual(['good 1', 'bad 1', 'bad 2']);
  });

  it('returns the whole batch when the handler throws, and tells what it threw', async () => {
    let isFirst = true;
    const { pump } = await pumping('throws', ['a', 'b'], async () => {
      if (!isFirst) return done();
      isFirst = false;
      throw new Error('killed');
    });
    const [first, second] = await pump.drain();
    expect(first?.error).toEqual(new Error('killed'));
    expect(first?.returned).toHaveLength(2);
    expect(second?.done).toHaveLength(2);
  });

  it('returns the whole batch when the answer names a message that was not in it', async () => {
    let answer: Answer = { batchItemFailures: [{ itemIdentifier: 'nobody' }] };
    const { pump } = await pumping('strange-answer', ['a', 'b'], async () => answer);
    expect((await pump.once())?.returned).toHaveLength(2);
    answer = undefined;
    expect((await pump.once())?.done).toHaveLength(2);
  });

  it('ignores the list of failures where the mapping does not read it', async () => {
    const all = async ({ Records }: SQSEvent): Promise<Answer> => ({
      batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    const { pump } = await pumping('no-partial', ['a'], all, { reportBatchItemFailures: false });
    expect((await pump.once())?.done).toHaveLength(1);
  });

  it('moves a message to the dead-letter queue after the most receives', async () => {
    const receives: string[] = [];
    const { queues, pump } = await pumping('dying', ['poison'], async ({ Records }) => {
      receives.push(...Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
      throw new Error('cannot');
    });
    await pump.drain();
    expect(receives).toEqual(['1', '2', '3']);
    expect([await queues.depth('dying'), await queues.depth('dying-dead')]).toEqual([0, 1]);
  });

  it('does not turn for ever', async () => {
    const queues = demo.queues();
    await queues.create('endless');
    await queues.send('endless', 'again');
    const consumer = functionOf<SQSEvent, Answer>(async () => {
      throw new Error('never');
    });
    await expect(new Pump({ queues, queue: 'endless', consumer }).drain(5)).rejects.toThrow('not empty after 5');
  });

  it('is not among the calls of the customer, and feels none of the faults', async () => {
    demo.recorder.clear();
    demo.faults.add('sqs:*', { kind: 'throttle' });
    const { pump } = await pumping('unseen', ['a'], done);
    expect(await pump.drain()).toHaveLength(1);
    demo.faults.clear();
    expect(demo.recorder.operations()).toEqual([]);
  });

  it('takes an event of EventBridge from a rule to the function', async () => {
    const bodies: string[] = [];
    const { queues, pump } = await pumping('changes', [], async ({ Records }) => {
      bodies.push(...Records.map(({ body }) => body));
      return done();
    });
    const remove = demo.bus.addRule({
      name: 'ecr',
      region: 'us-east-1',
      pattern: { source: ['aws.ecr'] },
      target: queues.target('changes'),
    });
    const posted = demo.bus.post({
      'detail-type': 'ECR Image Action',
      source: 'aws.ecr',
      account: '111122223333',
      region: 'us-east-1',
      resources: [],
      detail: { 'action-type': 'PUSH' },
    });
    await demo.bus.deliver();
    remove();
    await pump.drain();
    expect(bodies.map((body) => JSON.parse(body))).toEqual([posted]);
  });
});

describe('a function of the demo', () => {
  it('sees its time run out by the clock of the account', async () => {
    const remaining: number[] = [];
    const target = functionOf(async (_: unknown, context: Context) => {
      remaining.push(context.getRemainingTimeInMillis());
      clock += 50_000;
      remaining.push(context.getRemainingTimeInMillis());
      clock += 50_000;
      remaining.push(context.getRemainingTimeInMillis());
    });
    await target.invoke({});
    expect(remaining).toEqual([60_000, 10_000, 0]);
  });

  it('gets a context of its own for each invocation', async () => {
    const ids: string[] = [];
    const target = functionOf(async (_: unknown, context: Context) => {
      ids.push(context.awsRequestId);
      return context.invokedFunctionArn;
    });
    expect(await target.invoke({})).toBe('arn:aws:lambda:us-east-1:111122223333:function:scan');
    await target.invoke({});
    expect(new Set(ids).size).toBe(2);
    expect(target.invocations).toBe(2);
  });
});

describe('a schedule', () => {
  it('sends the standard event of Scheduler when it has no input', async () => {
    clock = Date.UTC(2026, 10, 24, 2);
    const target = functionOf(async (event: unknown) => event);
    expect(await runSchedule({ name: 'daily', target })).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      time: '2026-11-24T02:00:00Z',
      resources: ['arn:aws:scheduler:us-east-1:111122223333:schedule/default/daily'],
      detail: '{}',
    });
  });

  it('fills in the keywords of its input', async () => {
    const input =
      '{"run":"<aws.scheduler.execution-id>","at":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}';
    const target = functionOf(async (event: unknown) => event);
    expect(await runSchedule({ name: 'daily', target, input })).toEqual({
      run: expect.stringMatching(/^[0-9a-f-]{36}$/),
      at: '2026-11-24T02:00:00Z',
      attempt: '1',
    });
  });

  it('hands on what the function throws', async () => {
    const target = functionOf(async () => {
      throw new Error('no regions');
    });
    await expect(runSchedule({ name: 'daily', target })).rejects.toThrow('no regions');
  });
});
