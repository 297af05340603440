import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known } from '#shared/domain/observed.ts';
import { type AsffInput, toAsff } from '#shared/sinks/security-hub/asff.ts';
import { asffBytes, MAX_FINDING_BYTES } from '#shared/sinks/security-hub/sanitize.ts';
import { taskDefinitionFamily } from '../../../factories/ecs.ts';
import { checkMetadata, finding, taskDefinitionReference, transition, waiver } from '../../../factories/finding.ts';

const options = { checkOf: () => checkMetadata(), toolVersion: '0.1.0' };
const asff = (overrides: Partial<AsffInput> = {}) => toAsff(transition(overrides), options);

describe('a finding in Security Hub', () => {
  it('is filed under the default product of its own partition, account and region (SH-10, T90)', () => {
    expect(asff().ProductArn).toBe('arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default');
    const resource = taskDefinitionReference({ partition: 'aws-cn', region: 'cn-north-1' });
    expect(asff({ finding: finding({ resource }) }).ProductArn).toBe(
      'arn:aws-cn:securityhub:cn-north-1:111122223333:product/111122223333/default',
    );
  });

  it('is filed in the home region of the partition when its resource is global', () => {
    const resource = taskDefinitionReference({ region: 'aws-global', partition: 'aws-us-gov' });
    expect(asff({ finding: finding({ resource }) }).ProductArn).toContain(':us-gov-west-1:');
  });

  it('keeps its id when title, severity and tool version change (SH-3)', () => {
    const other = toAsff(transition({ finding: finding({ severity: 'LOW', reason: 'other words' }) }), {
      checkOf: () => checkMetadata({ title: 'Other things should be so' }),
      toolVersion: '9.9.9',
    });
    expect(other.Id).toBe(asff().Id);
  });

  it('never carries what belongs to analysts, even when waived (SH-8)', () => {
    for (const each of [asff(), asff({ kind: 'waived', finding: finding({ waiver: waiver() }) })]) {
      for (const field of [
        'Workflow',
        'Note',
        'UserDefinedFields',
        'VerificationState',
        'Severity',
        'Types',
        'Confidence',
      ])
        expect(each).not.toHaveProperty(field);
    }
  });

  it('has severity and types in FindingProviderFields only (T97)', () => {
    expect(asff().FindingProviderFields).toEqual({
      Severity: { Label: 'HIGH', Original: 'HIGH' },
      Types: ['Software and Configuration Checks/AWS Security Best Practices/Container Security'],
    });
  });

  it('keeps the time of first detection, and its update time is the look (SH-9)', () => {
    const runs = [1, 2, 3, 4, 5].map((day) => asff({ observedAt: `2026-11-2${day}T00:00:00.000Z` }));
    expect(new Set(runs.flatMap((each) => [each.CreatedAt, each.FirstObservedAt]))).toEqual(
      new Set(['2026-11-20T00:00:00.000Z']),
    );
    expect(runs.map((each) => each.UpdatedAt)).toEqual(runs.map((each) => each.LastObservedAt));
    expect(new Set(runs.map((each) => each.UpdatedAt)).size).toBe(5);
    expect(asff({ reopenedCount: 2, firstFailedAt: '2026-11-21T00:00:00.000Z' }).ProductFields).toMatchObject({
      reopenedCount: '2',
      firstFailedAt: '2026-11-21T00:00:00.000Z',
    });
  });

  it('can be grouped: generator is the check, the title names no resource, one native resource (SH-12)', () => {
    const each = asff();
    expect(each.GeneratorId).toBe('ecs-task-root-filesystem-readonly');
    expect(each.Title).not.toContain('secure-app');
    expect(each.Resources).toHaveLength(1);
    expect(each.Resources?.[0]).toMatchObject({ Type: 'AwsEcsTaskDefinition', Id: finding().resource.arn });
  });

  it('shows a Kubernetes object as Other, with cluster, namespace, kind and name in its id (SH-12)', () => {
    const uid = 'arn:aws:eks:us-east-1:111122223333:cluster/shop/default/Deployment/web';
    const resource = {
      ...{ accountId: '111122223333', region: 'us-east-1', partition: 'aws', type: 'KubernetesWorkload', uid },
      ...{ name: 'Deployment/web', cluster: 'shop', namespace: 'default' },
    };
    expect(asff({ finding: finding({ resource }) }).Resources?.[0]).toMatchObject({
      Type: 'Other',
      Id: uid,
      Details: { Other: { type: 'KubernetesWorkload', cluster: 'shop', namespace: 'default', name: 'Deployment/web' } },
    });
  });

  it('shows typed details and tags when the whole resource is at hand', () => {
    const family = { ...taskDefinitionFamily(), tags: known({ team: 'checkout', empty: '' }) };
    const [resource] = toAsff(transition(), { ...options, resourceOf: () => family }).Resources ?? [];
    expect(resource?.Tags).toEqual({ team: 'checkout' });
    expect(resource?.Details?.AwsEcsTaskDefinition).toMatchObject({
      Family: 'secure-app',
      NetworkMode: 'awsvpc',
      ContainerDefinitions: [{ Name: 'app', User: '1000:1000', ReadonlyRootFilesystem: true }],
    });
  });

  it('says whether it runs and who uses it (SH-15)', () => {
    expect(asff().ProductFields).toMatchObject({ inUse: 'true', inUseBy: finding().usedBy?.[0] });
    expect(asff({ finding: finding({ inUse: 'no' }) }).ProductFields?.inUse).toBe('false');
    expect(asff({ finding: finding({ inUse: 'unknown' }) }).ProductFields?.inUse).toBe('unknown');
  });

  it('names the controls it maps to', () => {
    expect(asff().Compliance?.RelatedRequirements).toEqual(['AWS FSBP ECS.5', 'NIST SP 800-190 4.4.4']);
  });

  it.each([
    ['opened', 'FAILED', 'ACTIVE', 'HIGH'],
    ['reopened', 'FAILED', 'ACTIVE', 'HIGH'],
    ['worsened', 'FAILED', 'ACTIVE', 'HIGH'],
    ['waived', 'FAILED', 'ACTIVE', 'HIGH'],
    ['waiver-expired', 'FAILED', 'ACTIVE', 'HIGH'],
    ['fixed', 'PASSED', 'ARCHIVED', 'INFORMATIONAL'],
    ['gone', 'FAILED', 'ARCHIVED', 'HIGH'],
  ] as const)('%s is imported as %s and %s (T94)', (kind, status, recordState, severity) => {
    const each = asff({ kind });
    expect(each.Compliance?.Status).toBe(status);
    expect(each.RecordState).toBe(recordState);
    expect(each.FindingProviderFields?.Severity?.Label).toBe(severity);
  });

  it('shows a coverage finding as NOT_AVAILABLE with the missing permission (T93)', () => {
    const coverage = finding({
      status: 'UNKNOWN',
      unknown: {
        kind: 'unreadable',
        cause: 'denied',
        operation: 'ecr:X',
        message: 'denied',
        missingPermission: 'ecr:X',
      },
    });
    expect(asff({ finding: coverage })).toMatchObject({
      Compliance: { Status: 'NOT_AVAILABLE' },
      ProductFields: { missingPermission: 'ecr:X' },
    });
  });

  it('survives a check this version does not know', () => {
    expect(toAsff(transition(), { ...options, checkOf: () => undefined }).Title).toBe(
      'ecs-task-root-filesystem-readonly',
    );
  });
});

describe('the sanitiser', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4000 }),
    fc.string({ unit: 'grapheme', minLength: 500, maxLength: 4000 }),
    fc.constantFrom('', ' ', '\u0000', '\n\t', '\ud800', '🚀'.repeat(3000), '漢'.repeat(9000)),
  );
  const hostile = fc.record({
    name: text,
    uid: text,
    reason: text,
    title: text,
    rationale: text,
    remediation: text,
    users: fc.array(text, { maxLength: 12 }),
    evidence: fc.array(fc.record({ path: text, observed: text, expected: fc.jsonValue() }), { maxLength: 15 }),
    controls: fc.array(text, { maxLength: 40 }),
    tags: fc.dictionary(text, text, { maxKeys: 60 }),
    native: fc.boolean(),
  });

  it('makes valid ASFF of anything (SH-5)', () => {
    fc.assert(
      fc.property(hostile, (world) => {
        const resource = taskDefinitionReference({
          uid: world.uid,
          arn: world.uid,
          name: world.name,
          namespace: world.name,
          type: world.native ? 'AwsEcsService' : 'KubernetesWorkload',
        });
        const each = toAsff(
          transition({
            finding: finding({
              id: finding().id,
              resource,
              reason: world.reason,
              usedBy: world.users,
              evidence: world.evidence as never,
            }),
          }),
          {
            toolVersion: '0.1.0',
            checkOf: () =>
              checkMetadata({
                title: world.title,
                rationale: world.rationale,
                remediation: { text: world.remediation, url: 'https://docs.aws.amazon.com/' },
                frameworks: { 'aws-fsbp': world.controls },
              }),
            resourceOf: () => ({ ...taskDefinitionFamily(), tags: known(world.tags) }),
          },
        );
        expect(asffBytes(each)).toBeLessThanOrEqual(MAX_FINDING_BYTES);
        expect(each.Title?.length).toBeLessThanOrEqual(256);
        expect(each.Description?.length).toBeLessThanOrEqual(1024);
        expect(each.Remediation?.Recommendation?.Text?.length ?? 0).toBeLessThanOrEqual(512);
        expect(Object.keys(each.ProductFields ?? {}).length).toBeLessThanOrEqual(50);
        for (const [key, value] of Object.entries(each.ProductFields ?? {})) {
          expect(key.length).toBeLessThanOrEqual(128);
          expect(value.length).toBeLessThanOrEqual(2048);
        }
        expect(each.Compliance?.RelatedRequirements?.length ?? 0).toBeLessThanOrEqual(32);
        for (const requirement of each.Compliance?.RelatedRequirements ?? [])
          expect(requirement.length).toBeLessThanOrEqual(64);
        for (const value of Object.values(each.Resources?.[0]?.Details?.Other ?? {}))
          expect(value.length).toBeLessThanOrEqual(1024);
        expect(Object.keys(each.Resources?.[0]?.Tags ?? {}).length).toBeLessThanOrEqual(50);
        for (const string of stringsOf(each)) {
          expect(string).toMatch(/\S/);
          expect(string).not.toMatch(/\p{Cc}/u);
          expect(string.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the end of an image name, which tells it apart', () => {
    const image = `111122223333.dkr.ecr.us-east-1.amazonaws.com/${'team/'.repeat(500)}checkout@sha256:${'ab'.repeat(32)}`;
    const each = asff({ finding: finding({ evidence: [{ path: 'image', observed: image, expected: 'x' }] }) });
    expect(each.ProductFields?.['evidence/1']).toContain(`checkout@sha256:${'ab'.repeat(32)}`);
  });
});

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...stringsOf(item)]);
}
