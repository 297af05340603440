import { describe, expect, test } from 'vitest';
import { diagnosisOf, type ProbeResult } from '#shared/domain/diagnosis.ts';
import { doctorTable } from '#shared/sinks/console/doctor-table.ts';

const permission = (action: string, Resource = '*', more: Partial<ProbeResult> = {}): ProbeResult => ({
  group: 'permissions',
  status: 'problem',
  subject: action,
  accountId: '111122223333',
  region: 'us-east-1',
  message: `${action} (for ecr) is denied to the role reader: no policy allows it.`,
  fix: { text: 'Allow it in a policy of the role reader.', policy: { Effect: 'Allow', Action: action, Resource } },
  ...more,
});
const ok = (group: ProbeResult['group'], message: string): ProbeResult => ({
  group,
  status: 'ok',
  subject: message,
  message,
});
const print = (results: readonly ProbeResult[], width?: number) =>
  doctorTable(diagnosisOf(results), { colour: false, ...(width === undefined ? {} : { width }) });

describe('the table of doctor', () => {
  test('begins with what is in the way, and gives the fix under it', () => {
    const text = print([ok('credentials', 'The credentials work.'), permission('ecr:DescribeImages')], 100);

    expect(text.split('\n')).toEqual([
      'A scan with these options would not work as it should. 1 problem, 1 in order.',
      '',
      'Permissions',
      '  problem  ecr:DescribeImages (for ecr) is denied to the role reader: no policy allows it.',
      '    fix    Allow it in a policy of the role reader.',
      '           { "Effect": "Allow", "Action": "ecr:DescribeImages", "Resource": "*" }',
      '',
      'Credentials',
      '  ok       The credentials work.',
      '',
    ]);
  });

  test('makes one policy of all that one role lacks', () => {
    const repositories = 'arn:aws:ecr:*:111122223333:repository/*';
    const text = print([
      permission('ecr:DescribeImages'),
      permission('ecr:GetLifecyclePolicy', repositories),
      permission('ecr:GetRepositoryPolicy', repositories),
    ]);
    const policy = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));

    expect(text.match(/ fix /g)).toHaveLength(1);
    expect(text).toContain('Allow them in a policy of the role reader.');
    expect(policy).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['ecr:DescribeImages'], Resource: '*' },
        { Effect: 'Allow', Action: ['ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy'], Resource: repositories },
      ],
    });
  });

  test('keeps the policies of different accounts apart, and says of which they are', () => {
    const text = print([permission('ecr:A'), permission('ecr:A', '*', { accountId: '444455556666' })]);

    expect(text.match(/ fix /g)).toHaveLength(2);
    expect(text).toContain('[111122223333]');
    expect(text).toContain('[444455556666]');
  });

  test('breaks a command where a shell lets it go on', () => {
    const command =
      'aws eks update-cluster-config --region eu-west-1 --name shop --resources-vpc-config publicAccessCidrs=203.0.113.0/24';
    const text = print(
      [{ ...ok('clusters', 'shop lets in few.'), status: 'warning', fix: { text: 'Add it.', command } }],
      80,
    );
    const printed = text.slice(text.indexOf('aws eks'));

    expect(printed.replace(/ \\\n\s+/g, ' ').trim()).toBe(command);
    expect(printed.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(text).toContain('A scan with these options would work. 1 warning, 0 in order.');
  });

  test('counts what is in order where that is much', () => {
    const regions = Array.from({ length: 6 }, (_, index) => ok('regions', `region-${index} answers.`));

    expect(print(regions)).toContain('ok       6 looked at, all in order.');
    expect(print(regions.slice(0, 5))).toContain('ok       region-0 answers.');
  });

  test('says what could not be looked at', () => {
    expect(print([{ ...ok('regions', 'No answer.'), status: 'unknown' }])).toMatch(
      /^Not everything could be looked at\./,
    );
  });

  test('lets no name from an account forge a line', () => {
    const text = print([{ ...ok('clusters', 'evil\u001b[2J\nproblem  all is lost'), status: 'warning' }]);

    expect(text).not.toContain('\u001b');
    expect(text).toContain('  warning  evil problem all is lost');
  });
});
