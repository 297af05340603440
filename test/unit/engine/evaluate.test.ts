import { expect, test } from 'vitest';
import { ecsTaskRootFilesystemReadonly as readonlyCheck } from '#shared/checks/ecs/ecs-task-root-filesystem-readonly.ts';
import type { Check } from '#shared/domain/check.ts';
import { failed, passed } from '#shared/domain/verdict.ts';
import { evaluate } from '#shared/engine/evaluate.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { container, revision, taskDefinitionFamily } from '#test/factories/ecs.ts';
import { judge, NOW } from '#test/support/judge.ts';

const template = readonlyCheck as Check;
const context = { now: NOW, facts: new FactStore([], new Map()), parameters: {} };
const check = (id: string, evaluateResource: Check['evaluate'], overrides: Partial<Check> = {}): Check => ({
  ...template,
  id,
  evaluate: evaluateResource,
  ...overrides,
});
const family = (name: string) => taskDefinitionFamily(revision({ family: name }));

test('findings come in order of check id and resource uid', () => {
  const registry = createRegistry([check('ecs-b-good', () => passed()), check('ecs-a-good', () => passed())]);

  const findings = [...evaluate(registry, [family('z'), family('a')], context)];

  expect(findings.map((finding) => `${finding.checkId} ${finding.resource.name}`)).toEqual([
    'ecs-a-good a',
    'ecs-a-good z',
    'ecs-b-good a',
    'ecs-b-good z',
  ]);
});

test('CT-2: a check that throws is UNKNOWN for that pair only, and its message does not travel', () => {
  const throwing = check('ecs-a-good', (resource) => {
    if ((resource as { name: string }).name === 'bad') throw new TypeError('AKIA-secret in here');
    return passed();
  });

  const findings = [...evaluate(createRegistry([throwing]), [family('bad'), family('good')], context)];

  expect(findings.map((finding) => finding.status)).toEqual(['UNKNOWN', 'PASSED']);
  expect(JSON.stringify(findings)).not.toContain('AKIA-secret');
  expect(findings[0]?.reason).toMatch(/^internal error: check ecs-a-good threw TypeError/);
});

test('SH-15: a failure of something not in use is one step milder, and says why', () => {
  const unused = taskDefinitionFamily(revision({ containers: [container({ readonlyRootFilesystem: false })] }), []);

  expect(judge(template, unused)).toMatchObject({ severity: 'MEDIUM', severityReason: 'not in use', inUse: 'no' });
});

test('SH-15: unknown use never lowers the severity', () => {
  const unused = taskDefinitionFamily(revision({ containers: [container({ readonlyRootFilesystem: false })] }), []);

  expect(judge(template, { ...unused, inUse: 'unknown' }).severity).toBe('HIGH');
});

test('a check whose harm does not depend on use is never lowered for it', () => {
  const always = check('ecs-a-good', () => failed('bad', []), { severityIndependentOfUse: true });

  expect(judge(always, taskDefinitionFamily(revision(), [])).severity).toBe('HIGH');
});

test('a verdict may lower the severity but never raise it', () => {
  const lowering = check('ecs-a-good', () => failed('bad', [], { severity: 'LOW', because: 'only a name' }));
  const raising = check('ecs-a-good', () => failed('bad', [], { severity: 'CRITICAL', because: 'worse' }));

  expect(judge(lowering, family('a'))).toMatchObject({ severity: 'LOW', severityReason: 'only a name' });
  expect(judge(raising, family('a'))).toMatchObject({ severity: 'HIGH' });
});

test('a new revision that changes no practice changes no id and no status', () => {
  const [before, after] = [7, 8].map((number) => judge(template, taskDefinitionFamily(revision({ revision: number }))));

  expect(after?.id).toBe(before?.id);
  expect(after?.status).toBe(before?.status);
  expect(after?.evidence).toEqual(before?.evidence);
});
