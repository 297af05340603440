import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { areaOf, type ControlMap, type FrameworkId } from '#shared/domain/check.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { frameworks } from '#shared/frameworks/index.generated.ts';
import { answersOf } from '#shared/reports/answers.ts';
import { allChecks, checkFiles, exportedChecks, ROOT } from '#test/support/all-checks.ts';

describe('the catalogue', () => {
  test('is accepted by the registry as a whole', () => {
    expect(() => createRegistry(allChecks)).not.toThrow();
  });
});

describe.for(checkFiles.map((file) => [file.id, file] as const))('%s', ([id, file]) => {
  const check = exportedChecks.get(id);
  const source = join('shared/checks', file.specifier);

  test('is what its file name says', () => {
    expect(check, `${source} must export ${file.exportName}`).toBeDefined();
    expect(check?.id, `the id in ${source} must be the file name`).toBe(id);
    expect(source.split('/').at(-2), `${source} must lie in the folder of its area`).toBe(areaOf(id));
  });

  test('has a test of its own and a page', () => {
    const testFile = `test/unit/checks/${areaOf(id)}/${id}.test.ts`;

    expect(existsSync(join(ROOT, testFile)), `write ${testFile}`).toBe(true);
    expect(readFileSync(join(ROOT, testFile), 'utf8'), `${testFile} must import the check it is named after`).toMatch(
      new RegExp(`import \\{[^}]*\\b${file.exportName}\\b[^}]*\\} from '[^']*/${id}\\.ts'`),
    );
    expect(existsSync(join(ROOT, `docs/checks/${id}.md`)), 'run npm run generate').toBe(true);
  });

  test('says what should be, why, and how to get there', () => {
    expect(check?.title, 'the title says what should be, as Security Hub does').toMatch(/^[A-Z].* should .*[^.]$/);
    expect(check?.title, 'the title never says "Ensure"').not.toMatch(/\bensure\b/i);
    expect(check?.rationale.length, 'the rationale names the risk in 30 to 400 characters').toSatisfy(
      (length: number) => length >= 30 && length <= 400,
    );
    expect(check?.remediation.text, 'the remediation is a sentence').toMatch(/^[A-Z].*\.$/s);
    expect(check?.remediation.url, 'the remediation is an official page').toMatch(
      /^https:\/\/(docs\.aws\.amazon\.com|kubernetes\.io|docs\.docker\.com)\//,
    );
  });

  test('describes each of its parameters and has a default for all', () => {
    const schema = check?.parameters;
    if (schema === undefined) return;
    const shape = (schema as { shape?: Record<string, { description?: string }> }).shape ?? {};
    const undescribed = Object.entries(shape).filter(([, parameter]) => !parameter.description);

    expect(
      undescribed.map(([name]) => name),
      'say what they mean with .describe()',
    ).toEqual([]);
    expect(schema.safeParse({}).success, 'a check must run without configuration').toBe(true);
  });

  test('names only requirements that exist', () => {
    expect(unknownRequirements(check?.frameworks ?? {}), 'see shared/frameworks').toEqual([]);
    expect(unknownRequirements(check?.relatedControls ?? {}), 'see shared/frameworks').toEqual([]);
  });

  test('overlaps only with controls of AWS that it says it judges the same as', () => {
    const same = [...(check?.frameworks['aws-fsbp'] ?? []), ...(check?.frameworks['aws-security-hub'] ?? [])];

    expect(check?.overlapsWith ?? []).toEqual(same);
  });

  test('does not call a control both the same and related', () => {
    const related = requirementsOf(check?.relatedControls ?? {});

    expect(requirementsOf(check?.frameworks ?? {}).filter((name) => related.includes(name))).toEqual([]);
  });
});

describe.for(frameworks.map((framework) => [framework.id, framework] as const))('framework %s', ([id, framework]) => {
  test('has each requirement once', () => {
    const ids = framework.requirements.map((requirement) => requirement.id);

    expect(ids.filter((own, index) => ids.indexOf(own) !== index)).toEqual([]);
  });

  test('is in the file of its name', () => {
    expect(existsSync(join(ROOT, 'shared/frameworks', `${id}.ts`))).toBe(true);
  });

  test('names only checks, and controls of AWS, that exist', () => {
    const aws = frameworks
      .filter((one) => one.id === 'aws-fsbp' || one.id === 'aws-security-hub')
      .flatMap((one) => one.requirements.map((requirement) => requirement.id));
    const named = framework.requirements.flatMap(({ checks = [], related = [] }) => [...checks, ...related]);

    expect(named.filter((checkId) => !exportedChecks.has(checkId))).toEqual([]);
    expect(framework.requirements.flatMap(({ through = [] }) => through).filter((one) => !aws.includes(one))).toEqual(
      [],
    );
  });

  test('has for each requirement a check, or says what to do by hand', () => {
    const unanswered = framework.requirements.filter((requirement) => {
      const { same, related } = answersOf(framework, requirement, allChecks);
      return same.length + related.length === 0 && requirement.byHand === undefined;
    });

    expect(unanswered.map((requirement) => requirement.id)).toEqual([]);
  });

  test('has a version and a source', () => {
    expect(framework.version).not.toBe('');
    expect(new URL(framework.sourceUrl).protocol).toBe('https:');
  });
});

function requirementsOf(controls: ControlMap): readonly string[] {
  return Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
}

function unknownRequirements(controls: ControlMap): readonly string[] {
  const requirements = (id: FrameworkId) => frameworks.find((framework) => framework.id === id)?.requirements ?? [];
  return (Object.keys(controls) as FrameworkId[]).flatMap((framework) =>
    (controls[framework] ?? [])
      .filter((id) => !requirements(framework).some((requirement) => requirement.id === id))
      .map((id) => `${framework}/${id}`),
  );
}
