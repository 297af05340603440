import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { afterAll, describe, expect, test } from 'vitest';
import { reportEventSchema } from '#functions/report/event-schema.ts';
import type { MetricName } from '#shared/observability/telemetry.ts';
import {
  actionsOf,
  allowed,
  FUNCTIONS,
  isAllowed,
  isOf,
  mayDo,
  packageStages,
  resourcesOf,
  type Statement,
  targetOf,
} from '#test/support/template.ts';

/** Doctor is called by hand, the gate by whoever deploys: they see what becomes of it. */
const STARTED = FUNCTIONS.filter((name) => name !== 'Doctor' && name !== 'Gate');

const DOCTOR = JSON.stringify({ AWS: { 'Fn::GetAtt': ['DoctorRole', 'Arn'] } });

const stages = packageStages();
const trustsDoctor = ({ Principal }: Statement) => JSON.stringify(Principal) === DOCTOR;

afterAll(() => {
  for (const [, template] of stages) template.remove();
});

/** What a function needs to take messages, and to say when one that failed comes again. */
const TAKING = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ChangeMessageVisibility',
];

describe.for(stages)('the packaged template of %s', ([, template]) => {
  test('is valid, strictly', () => {
    const engine = new RegoEngine();

    const { diagnostics } = engine.validateStandard(new TemplateFile(template.path), { strict: true });

    engine.free();
    expect(diagnostics.filter(({ severity }) => severity !== 'INFO' && severity !== 'DEBUG')).toEqual([]);
  });

  describe('functions', () => {
    test('are all there', () => {
      expect(
        template
          .ofType('AWS::Lambda::Function')
          .map(({ id }) => id)
          .sort(),
      ).toEqual(FUNCTIONS.map((name) => `${name}LambdaFunction`));
    });

    test.for(FUNCTIONS)('%s runs on Node 24 and arm64, with an encrypted environment and its own role', (name) => {
      const { Properties } = template.resource(`${name}LambdaFunction`);

      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'handler.handler' });
      expect(targetOf(Properties.KmsKeyArn)).toBe('Key');
      expect(targetOf(Properties.Role)).toBe(`${name}Role`);
    });

    test.for(FUNCTIONS)('%s writes into a log group with a retention and the key, and nowhere else', (name) => {
      const { Properties } = template.resource(`${name}LogGroup`);
      const { FunctionName } = template.resource(`${name}LambdaFunction`).Properties;

      expect(Properties).toMatchObject({
        LogGroupName: `/aws/lambda/${FunctionName}`,
        RetentionInDays: expect.any(Number),
      });
      expect(targetOf(Properties.KmsKeyId)).toBe('Key');
      const logging = allowed(template, `${name}Role`).filter((one) => actionsOf(one).some(isOf('logs')));
      expect(logging.map(actionsOf)).toContainEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
      expect(logging.flatMap(resourcesOf)).toContain(
        `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${Properties.LogGroupName}:*`,
      );
    });

    test.for(STARTED)('%s is started by something', (name) => {
      const starters = [
        ...template.ofType('AWS::Scheduler::Schedule').map(({ Properties }) => targetOf(Properties.Target.Arn)),
        ...template
          .ofType('AWS::Lambda::EventSourceMapping')
          .map(({ Properties }) => targetOf(Properties.FunctionName)),
      ];

      expect(starters).toContain(`${name}LambdaFunction`);
    });

    test.for(FUNCTIONS)('%s knows the table, the queues and the buckets by their names in the template', (name) => {
      const { Variables } = template.resource(`${name}LambdaFunction`).Properties.Environment;

      expect(Variables).toMatchObject({
        HULLCHECK_TABLE: { Ref: 'Table' },
        HULLCHECK_UNIT_QUEUE_URL: { Ref: 'UnitQueue' },
        HULLCHECK_FINISH_QUEUE_URL: { Ref: 'FinishQueue' },
        HULLCHECK_CONFIG_BUCKET: { Ref: 'ConfigBucket' },
        HULLCHECK_REPORT_BUCKET: { Ref: 'ReportBucket' },
      });
    });
  });

  describe('schedules', () => {
    test.for([
      ['PlanSchedule', 'Plan'],
      ['DailyReportSchedule', 'Report'],
      ['WeeklyReportSchedule', 'Report'],
      ['MonthlyReportSchedule', 'Report'],
      ['WatchSchedule', 'Watch'],
    ] as const)('%s has a role that may really call %s', ([id, name]) => {
      const { Target } = template.resource(id).Properties;
      const roleId = targetOf(Target.RoleArn);
      const role = template.resource(roleId);

      expect(targetOf(Target.Arn)).toBe(`${name}LambdaFunction`);
      expect(role.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
        { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
      expect(mayDo(template, roleId, 'lambda:InvokeFunction', `${name}LambdaFunction`)).toBe(true);
    });

    test('are all these, and none has a function role', () => {
      const schedules = template.ofType('AWS::Scheduler::Schedule');

      expect(schedules.map(({ id }) => id).sort()).toEqual([
        'DailyReportSchedule',
        'MonthlyReportSchedule',
        'PlanSchedule',
        'WatchSchedule',
        'WeeklyReportSchedule',
      ]);
      for (const name of FUNCTIONS) {
        const { Statement } = template.resource(`${name}Role`).Properties.AssumeRolePolicyDocument;
        const others = Statement.filter((one: Statement) => !trustsDoctor(one));
        expect(others.map(({ Principal }: Statement) => Principal)).toEqual([{ Service: 'lambda.amazonaws.com' }]);
      }
    });

    test('doctor takes the roles of those that read the account, and no other', () => {
      const trusting = FUNCTIONS.filter((name) => {
        const { Statement } = template.resource(`${name}Role`).Properties.AssumeRolePolicyDocument;
        return Statement.some(trustsDoctor);
      });

      expect(trusting).toEqual(['Recheck', 'Scan']);
      for (const name of FUNCTIONS) {
        expect(mayDo(template, 'DoctorRole', 'sts:AssumeRole', `${name}Role`)).toBe(trusting.includes(name));
      }
      const own = allowed(template, 'DoctorRole').flatMap(actionsOf);
      expect(own.filter((action) => isOf('securityhub')(action) || isOf('dynamodb')(action))).toEqual([]);
    });

    test('of reports say which one, and the time that stays the same when a call is tried again', () => {
      for (const report of ['daily', 'weekly', 'monthly']) {
        const { Input } = template.resource(`${report.charAt(0).toUpperCase()}${report.slice(1)}ReportSchedule`)
          .Properties.Target;
        const sent = JSON.parse(Input.replace('<aws.scheduler.scheduled-time>', '2026-11-23T07:00:00Z'));

        expect(reportEventSchema.parse(sent)).toEqual({ report, time: '2026-11-23T07:00:00Z', continued: 0 });
      }
    });

    test('keep what they could not deliver, and the role may put it there', () => {
      for (const { Properties } of template.ofType('AWS::Scheduler::Schedule')) {
        const { RoleArn, DeadLetterConfig } = Properties.Target;
        expect(targetOf(DeadLetterConfig.Arn)).toBe('Undelivered');
        expect(mayDo(template, targetOf(RoleArn), 'sqs:SendMessage', 'Undelivered')).toBe(true);
        expect(mayDo(template, targetOf(RoleArn), 'kms:GenerateDataKey', 'Key')).toBe(true);
      }
    });

    test('call functions whose failure is kept, and which may put it there', () => {
      for (const { Properties } of template.ofType('AWS::Scheduler::Schedule')) {
        const functionId = targetOf(Properties.Target.Arn);
        const invocation = template
          .ofType('AWS::Lambda::EventInvokeConfig')
          .find((one) => targetOf(one.Properties.FunctionName) === functionId);
        const roleId = targetOf(template.resource(functionId).Properties.Role);
        expect(targetOf(invocation?.Properties.DestinationConfig.OnFailure.Destination)).toBe('Undelivered');
        expect(mayDo(template, roleId, 'sqs:SendMessage', 'Undelivered')).toBe(true);
      }
    });
  });

  describe('queues', () => {
    test('have a policy, and a dead-letter queue unless they are one', () => {
      const queues = template.ofType('AWS::SQS::Queue');
      const redriven = queues.filter(({ Properties }) => Properties.RedrivePolicy !== undefined);
      const deadLetters = redriven.map(({ Properties }) => targetOf(Properties.RedrivePolicy.deadLetterTargetArn));
      const withPolicy = template.ofType('AWS::SQS::QueuePolicy').flatMap(({ Properties }) => Properties.Queues);

      expect(redriven.map(({ id }) => id).sort()).toEqual(['FinishQueue', 'RecheckQueue', 'RespondQueue', 'UnitQueue']);
      expect(
        queues.map(({ id }) => id).filter((id) => !deadLetters.includes(id) && !redriven.some((one) => one.id === id)),
      ).toEqual(['Undelivered']);
      expect(withPolicy.map(targetOf).sort()).toEqual(queues.map(({ id }) => id).sort());
    });

    test.for([
      ['UnitQueue', 'Scan'],
      ['RecheckQueue', 'Recheck'],
      ['FinishQueue', 'Finish'],
      ['RespondQueue', 'Respond'],
    ] as const)('%s feeds %s, which may take from it and says which messages failed', ([queueId, name]) => {
      const mapping = template
        .ofType('AWS::Lambda::EventSourceMapping')
        .find(({ Properties }) => targetOf(Properties.EventSourceArn) === queueId);
      const roleId = `${name}Role`;

      expect(mapping?.Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(mapping?.Properties.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
      expect(targetOf(mapping?.Properties.FunctionName)).toBe(`${name}LambdaFunction`);
      for (const action of TAKING) {
        expect(mayDo(template, roleId, action, queueId), action).toBe(true);
      }
      expect(mayDo(template, roleId, 'kms:Decrypt', 'Key')).toBe(true);
      const { Timeout } = template.resource(`${name}LambdaFunction`).Properties;
      expect(template.resource(queueId).Properties.VisibilityTimeout).toBe(6 * Timeout);
      expect(template.resource(queueId).Properties.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(5);
    });

    test('feed functions only through mappings that read partial failures', () => {
      const mappings = template.ofType('AWS::Lambda::EventSourceMapping');

      expect(mappings.map(({ Properties }) => Properties.FunctionResponseTypes)).toEqual(
        mappings.map(() => ['ReportBatchItemFailures']),
      );
    });
  });

  describe('rules', () => {
    test('bring events to their queue and give up into a dead-letter queue; all let EventBridge in', () => {
      const rules = template.ofType('AWS::Events::Rule');
      const sending = template
        .statementsOf('AWS::SQS::QueuePolicy')
        .filter(isAllowed)
        .filter(({ Principal }) => (Principal as { Service: string }).Service === 'events.amazonaws.com');

      expect(rules.length).toBeGreaterThan(0);
      for (const { id, Properties } of rules) {
        expect(Properties.Targets).toHaveLength(1);
        expect(targetOf(Properties.Targets[0].Arn)).toBe(id === 'CustomActionRule' ? 'RespondQueue' : 'RecheckQueue');
        expect(targetOf(Properties.Targets[0].DeadLetterConfig.Arn)).toBe('Undelivered');
      }
      expect(sending.map(actionsOf)).toEqual(sending.map(() => ['sqs:SendMessage']));
      expect(sending.flatMap(resourcesOf).sort()).toEqual(['RecheckQueue', 'RespondQueue', 'Undelivered']);
      for (const { Condition } of sending) {
        const source = Condition?.ArnLike?.['aws:SourceArn'] as { 'Fn::Sub': string };
        const [, prefix = 'none'] = /:rule\/(.+)\*$/.exec(source['Fn::Sub']) ?? [];
        for (const { Properties } of rules) expect(Properties.Name).toMatch(new RegExp(`^${prefix}`));
      }
    });

    test('may encrypt what they send, with the key of the queues', () => {
      const statement = template
        .statementsOf('AWS::KMS::Key')
        .find(({ Principal }) => (Principal as { Service?: string }).Service === 'events.amazonaws.com');

      expect(statement).toMatchObject({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    });

    test('share no event: each source and kind has one rule', () => {
      const kinds = template
        .ofType('AWS::Events::Rule')
        // What members forward comes on a bus of its own.
        .filter(({ Properties }) => Properties.EventBusName === undefined)
        .flatMap(({ Properties: { EventPattern } }) =>
          EventPattern['detail-type'].map((type: string) => `${EventPattern.source} ${type}`),
        );

      expect(new Set(kinds).size).toBe(kinds.length);
    });
  });

  test('operators are told of every message given up and of every function that fails', () => {
    const alarms = template.ofType('AWS::CloudWatch::Alarm');
    const watched = alarms.flatMap(({ Properties }) => Properties.Dimensions ?? []).map(({ Value }) => targetOf(Value));
    const deadLetters = template
      .ofType('AWS::SQS::Queue')
      .filter(({ Properties }) => Properties.RedrivePolicy === undefined);

    expect(watched).toEqual(
      expect.arrayContaining([...deadLetters.map(({ id }) => id), ...STARTED.map((name) => `${name}LambdaFunction`)]),
    );
    for (const { id, Properties } of alarms) {
      expect(Properties.AlarmActions.map(targetOf), id).toEqual(['OperationsTopic']);
    }
  });

  test('operators are told when scans lose their way, when a message fails, and when the watch falls silent', () => {
    const watching: readonly MetricName[] = ['OverdueAccounts', 'ScopesLost'];
    const failing: readonly MetricName[] = ['FindingsRejected', 'Failures'];
    const alarms = template
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => Properties.Namespace === 'Hullcheck')
      .map(({ Properties: { MetricName, Dimensions, TreatMissingData } }) => ({
        MetricName,
        Dimensions,
        TreatMissingData,
      }));

    const Dimensions = [{ Name: 'service', Value: 'hullcheck' }];
    expect(alarms).toEqual([
      ...watching.map((MetricName) => ({ MetricName, Dimensions, TreatMissingData: 'breaching' })),
      ...failing.map((MetricName) => ({ MetricName, Dimensions, TreatMissingData: 'notBreaching' })),
    ]);
  });
});
