import { describe, expect, it } from 'vitest';
import { type EventPattern, matchesPattern } from '#demo/event-pattern.ts';
import { type AwsEvent, EventBus, type NewEvent } from '#demo/events.ts';

const event: NewEvent = {
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.ecr',
  account: '111122223333',
  region: 'us-east-1',
  resources: ['arn:aws:ecr:us-east-1:111122223333:repository/a', 'arn:aws:ecr:us-east-1:111122223333:repository/b'],
  detail: {
    eventName: 'SetRepositoryPolicy',
    severity: 8,
    readOnly: false,
    note: null,
    findings: [
      { Workflow: { Status: 'NEW' }, Severity: { Label: 'LOW' } },
      { Workflow: { Status: 'SUPPRESSED' }, Severity: { Label: 'HIGH' } },
    ],
  },
};

describe('an event pattern', () => {
  const cases: [string, EventPattern, boolean][] = [
    ['is met by any of its values', { source: ['aws.ecs', 'aws.ecr'] }, true],
    ['is not met when one field differs', { source: ['aws.ecr'], account: ['444455556666'] }, false],
    ['is met by one of several resources', { resources: [{ suffix: '/b' }] }, true],
    ['looks at the start of a text', { detail: { eventName: [{ prefix: 'Set' }] } }, true],
    [
      'looks at texts without their case',
      { detail: { eventName: [{ 'equals-ignore-case': 'setrepositorypolicy' }] } },
      true,
    ],
    ['takes a wildcard for any part of a text', { detail: { eventName: [{ wildcard: 'Set*Policy' }] } }, true],
    ['matches numbers between bounds', { detail: { severity: [{ numeric: ['>=', 7, '<', 9] }] } }, true],
    ['does not match numbers at an open bound', { detail: { severity: [{ numeric: ['>', 8] }] } }, false],
    ['tells false from nothing', { detail: { readOnly: [false] } }, true],
    ['tells null from nothing', { detail: { note: [null], missing: [null] } }, false],
    ['requires a field to be absent', { detail: { errorCode: [{ exists: false }] } }, true],
    ['requires a field to be there', { detail: { errorCode: [{ exists: true }] } }, false],
    ['does not take an object for a field that is there', { detail: { findings: [{ exists: true }] } }, false],
    ['excludes a value', { source: [{ 'anything-but': 'aws.ecr' }] }, false],
    ['excludes a list of values', { source: [{ 'anything-but': ['aws.ecs', 'aws.eks'] }] }, true],
    ['excludes a prefix', { detail: { eventName: [{ 'anything-but': { prefix: 'Get' } }] } }, true],
    ['is met by either side of an or', { $or: [{ source: ['aws.ecs'] }, { region: ['us-east-1'] }] }, true],
    [
      'is met by one object of an array as a whole',
      { detail: { findings: { Workflow: { Status: ['SUPPRESSED'] }, Severity: { Label: ['HIGH'] } } } },
      true,
    ],
    [
      'is not met by two objects of an array together',
      { detail: { findings: { Workflow: { Status: ['NEW'] }, Severity: { Label: ['HIGH'] } } } },
      false,
    ],
  ];

  it.each(cases)('%s', (_, pattern, expected) => {
    expect(matchesPattern(pattern, event)).toBe(expected);
  });

  it('with a comparison nobody knows is an error, not a rule that never matches', () => {
    expect(() => matchesPattern({ source: [{ cidr: '10.0.0.0/8' }] }, event)).toThrow('cidr');
    expect(() => matchesPattern({ detail: { severity: [{ numeric: ['~', 8] }] } }, event)).toThrow('~');
  });
});

describe('the event bus', () => {
  function busWith(pattern: EventPattern, region = 'us-east-1') {
    const bus = new EventBus(() => new Date('2026-11-23T12:00:00.789Z'));
    const taken: AwsEvent[] = [];
    const target = async (one: AwsEvent) => {
      taken.push(one);
    };
    const remove = bus.addRule({ name: 'changes', region, pattern, target });
    return { bus, taken, remove };
  }

  it('delivers what a rule takes when it is asked to, stamped by the clock', async () => {
    const { bus, taken } = busWith({ source: ['aws.ecr'] });
    bus.post(event);
    expect(taken).toEqual([]);
    expect((await bus.deliver()).map(({ rules }) => rules)).toEqual([['changes']]);
    expect(taken).toEqual([{ ...event, version: '0', id: taken[0]?.id, time: '2026-11-23T12:00:00Z' }]);
    expect(await bus.deliver()).toEqual([]);
  });

  it('keeps nothing that no rule takes', async () => {
    const { bus, taken, remove } = busWith({ source: ['aws.ecr'] }, 'eu-west-1');
    bus.post(event);
    remove();
    bus.post({ ...event, region: 'eu-west-1' });
    expect(bus.waiting()).toEqual([]);
    await bus.deliver();
    expect(taken).toEqual([]);
  });

  it('delivers what a target itself brings about, after what waited before', async () => {
    const { bus, taken } = busWith({ source: ['aws.ecr'] });
    bus.addRule({
      name: 'echo',
      region: 'us-east-1',
      pattern: { source: ['aws.ecs'] },
      target: async () => {
        bus.post({ ...event, resources: ['echo'] });
      },
    });
    bus.post({ ...event, source: 'aws.ecs' });
    bus.post(event);
    await bus.deliver();
    expect(taken.map(({ resources }) => resources.length)).toEqual([2, 1]);
  });

  it('lets a test deliver events twice and out of order', async () => {
    const { bus, taken } = busWith({ source: ['aws.ecr'] });
    bus.post({ ...event, resources: ['first'] });
    bus.post({ ...event, resources: ['second'] });
    const [first, second] = bus.take();
    for (const one of [second, first, first]) if (one) await bus.putEvent(one);
    expect(taken.map(({ resources }) => resources[0])).toEqual(['second', 'first', 'first']);
  });

  it('is not changed by what happens to the world afterwards', () => {
    const { bus } = busWith({ source: ['aws.ecr'] });
    const detail = { status: 'before' };
    bus.post({ ...event, detail });
    detail.status = 'after';
    expect(bus.waiting()[0]?.detail).toEqual({ status: 'before' });
  });

  it('hands on what a target throws', async () => {
    const { bus } = busWith({});
    bus.addRule({
      name: 'broken',
      region: 'us-east-1',
      pattern: {},
      target: async () => {
        throw new Error('no such queue');
      },
    });
    bus.post(event);
    await expect(bus.deliver()).rejects.toThrow('no such queue');
  });
});
