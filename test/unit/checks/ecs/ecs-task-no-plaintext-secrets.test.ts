import { expect, test } from 'vitest';
import { ecsTaskNoPlaintextSecrets as check } from '#shared/checks/ecs/ecs-task-no-plaintext-secrets.ts';
import type { EcsContainerDefinition } from '#shared/collectors/ecs/model.ts';
import {
  container,
  ec2FamilyWith,
  familyWith,
  harmlessText,
  suspiciousText,
  taskDefinitionFamily,
  undescribedFamily,
  windowsFamilyWith,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

const found = suspiciousText('github');
const HARMLESS = 'arn:aws:s3:::config/app.env';

test('PASSED when nothing was found', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test('T14: PASSED for a telling name in which the detectors found nothing', () => {
  const environment = [
    { name: 'MYSQL_ALLOW_EMPTY_PASSWORD', text: harmlessText(3) },
    { name: 'DB_SECRET_NAME', text: harmlessText(3) },
  ];

  expect(judge(check, familyWith({ environment })).status).toBe('PASSED');
});

test.for<[string, Partial<EcsContainerDefinition>]>([
  ['environment[TOKEN]', { environment: [{ name: 'TOKEN', text: found }] }],
  ['entryPoint[1]', { entryPoint: [harmlessText(), found] }],
  ['command[0]', { command: [found] }],
  ['dockerLabels[hook]', { dockerLabels: [{ name: 'hook', text: found }] }],
  [
    'logConfiguration.options[splunk-token]',
    {
      logConfiguration: { logDriver: 'splunk', options: [{ name: 'splunk-token', text: found }], secretOptions: [] },
    },
  ],
  ['secrets[TOKEN].valueFrom', { secrets: [{ name: 'TOKEN', valueFrom: '', text: found }] }],
  [
    'logConfiguration.secretOptions[splunk-token].valueFrom',
    {
      logConfiguration: {
        logDriver: 'splunk',
        options: [],
        secretOptions: [{ name: 'splunk-token', valueFrom: '', text: found }],
      },
    },
  ],
  ['healthCheck.command[1]', { healthCheck: { disabled: false, command: [harmlessText(), found] } }],
])('T15: FAILED when a value in %s looks like a secret', ([path, overrides]) => {
  const finding = judge(check, familyWith(overrides));

  expect(finding).toMatchObject({ status: 'FAILED', severity: 'HIGH', reason: 'a secret stands in plain text' });
  expect(finding.evidence).toEqual([
    { path: `containerDefinitions[app].${path}`, observed: ['github'], expected: 'a reference under secrets' },
  ]);
});

test('T14: lowered to LOW when the name alone suggests a secret', () => {
  const environment = [{ name: 'API_TOKEN', text: suspiciousText('secret-name', 'name') }];

  expect(judge(check, familyWith({ environment }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    severityReason: 'the name alone suggests a secret',
    reason: 'a name suggests a secret in plain text',
  });
});

test('a value that looks like a secret is not lowered by a name beside it', () => {
  const environment = [
    { name: 'API_TOKEN', text: suspiciousText('secret-name', 'name') },
    { name: 'OTHER', text: found },
  ];

  expect(judge(check, familyWith({ environment }))).toMatchObject({
    severity: 'HIGH',
    reason: 'a secret stands in plain text',
  });
});

test.for(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'ECS_ENGINE_AUTH_DATA'])(
  'D10, D25: FAILED for %s in the environment, with no secrets and whatever its value looks like',
  (name) => {
    const family = familyWith({ secrets: [], environment: [{ name, text: harmlessText(20) }] });

    expect(judge(check, family)).toMatchObject({
      status: 'FAILED',
      severity: 'HIGH',
      evidence: [{ path: `containerDefinitions[app].environment[${name}]`, observed: ['credential-variable'] }],
    });
  },
);

test('an empty credential variable holds no secret', () => {
  const environment = [{ name: 'AWS_ACCESS_KEY_ID', text: harmlessText(0) }];

  expect(judge(check, familyWith({ environment })).status).toBe('PASSED');
});

test('T15: UNKNOWN when environment files are used and nothing else was found', () => {
  expect(judge(check, familyWith({ environmentFiles: [HARMLESS] }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
    evidence: [{ path: 'containerDefinitions[app].environmentFiles', observed: [HARMLESS] }],
  });
});

test('T15: a secret that was found decides beside environment files', () => {
  expect(judge(check, familyWith({ environmentFiles: [HARMLESS], command: [found] })).status).toBe('FAILED');
});

test('evidence tells neither the length nor the hash of a value', () => {
  const text = JSON.stringify(judge(check, familyWith({ command: [found] })));

  expect(text).not.toContain(found.keyedHash);
  expect(text).not.toMatch(/length|keyedHash/);
});

test.for([
  ['EC2', ec2FamilyWith({ command: [found] })],
  ['Windows', windowsFamilyWith({ command: [found] })],
] as const)('is judged on %s alike', ([, family]) => {
  expect(judge(check, family).status).toBe('FAILED');
});

test('NOT_APPLICABLE without containers', () => {
  expect(judge(check, familyWith({}, { containers: [] })).status).toBe('NOT_APPLICABLE');
  expect(judge(check, familyWith({}, { containers: [container()] })).status).toBe('PASSED');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
