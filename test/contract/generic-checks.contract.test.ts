import { beforeAll, describe, expect, test } from 'vitest';
import { type Check, defineCheck } from '#shared/domain/check.ts';
import type { Resource } from '#shared/domain/resource.ts';
import { failed, notApplicable, passed } from '#shared/domain/verdict.ts';
import { judge } from '#shared/engine/evaluate.ts';
import { allChecks } from '#test/support/all-checks.ts';
import {
  basesOf,
  contextWithCompleteFacts,
  crashesOnHostileText,
  crashesWithoutField,
  liesWhenDenied,
  liesWithoutFacts,
  passingResource,
  resourcesFor,
} from '#test/support/check-contract.ts';
import { deepFreeze } from '#test/support/variations.ts';

describe.for(allChecks.map((check) => [check.id, check] as const))('%s', ([, check]) => {
  const context = contextWithCompleteFacts(check);
  let passing: Resource;
  let bases: readonly Resource[];
  beforeAll(() => {
    passing = passingResource(check);
    bases = basesOf(check, context);
  });

  test('has nothing against a resource that follows every practice', () => {
    const finding = judge(check, passing, context);

    const fine = finding.status === 'PASSED' || finding.status === 'NOT_APPLICABLE';
    expect(
      fine || finding.unknown?.kind === 'undecidable',
      `it says ${finding.status}: ${finding.reason} ${JSON.stringify(finding.evidence)}`,
    ).toBe(true);
  });

  test('says UNKNOWN when something could not be read, unless the verdict is the same whatever it was', () => {
    expect(liesWhenDenied(check, bases, context)).toEqual([]);
  });

  test('says UNKNOWN when facts of other units are missing, unless the verdict is the same with them', () => {
    expect(liesWithoutFacts(check, bases)).toEqual([]);
  });

  test('does not throw when AWS leaves out a field', () => {
    expect(crashesWithoutField(check, bases, context)).toEqual([]);
  });

  test('does not throw on hostile text', () => {
    expect(crashesOnHostileText(check, resourcesFor(check), context)).toEqual([]);
  });

  test('says the same twice and changes nothing it is given', () => {
    for (const base of bases) {
      const frozen = deepFreeze(structuredClone(base));

      const [first, second] = [judge(check, frozen, context), judge(check, frozen, context)];

      expect(second).toEqual(first);
      expect(first, 'a frozen resource must be judged like any other').toEqual(judge(check, base, context));
    }
  });
});

describe('the contract itself catches', () => {
  type Evaluate = Check<'AwsEcsTaskDefinition'>['evaluate'];
  const checkThat = (evaluate: Evaluate) =>
    defineCheck({
      id: 'ecs-task-planted',
      title: 'Task definitions should be judged truthfully',
      resourceType: 'AwsEcsTaskDefinition',
      baseSeverity: 'LOW',
      rationale: 'A check that lies is worse than none.',
      remediation: { text: 'Mend the check.', url: 'https://docs.aws.amazon.com/' },
      frameworks: {},
      evaluate,
    });
  const fail = failed('planted', []);
  const tried = (check: Check) => {
    const context = contextWithCompleteFacts(check);
    return { context, bases: basesOf(check, context) };
  };

  test('a check that takes "denied" for "there is none"', () => {
    const check = checkThat(({ latestActive }) => {
      if (!latestActive.known) return notApplicable('no revision');
      return latestActive.value?.networkMode === 'host' ? fail : passed();
    });
    const { bases, context } = tried(check);

    expect(liesWhenDenied(check, bases, context)).toContainEqual(
      expect.stringContaining('latestActive is denied: it says NOT_APPLICABLE'),
    );
  });

  test('a check that takes "denied" for a failure', () => {
    const check = checkThat(({ latestActive }) => (latestActive.known ? passed() : fail));
    const { bases, context } = tried(check);

    expect(liesWhenDenied(check, bases, context)).toContainEqual(expect.stringContaining('it says FAILED'));
  });

  test('a check that does not ask whether its facts are complete', () => {
    const check = {
      ...checkThat((_family, { facts }) => (facts.about('ecs-cluster').complete ? passed() : fail)),
      needs: [{ kind: 'ecs-cluster', scope: 'region' }],
    } satisfies Check<'AwsEcsTaskDefinition'>;

    expect(liesWithoutFacts(check, tried(check).bases)).toEqual(['FAILED without the facts, PASSED with them']);
  });

  test('a check that throws where a field is absent', () => {
    const check = checkThat(({ latestActive }) => {
      const networkMode = latestActive.known && latestActive.value?.networkMode;
      return (networkMode as string).length > 0 ? passed() : fail;
    });
    const { bases, context } = tried(check);

    expect(crashesWithoutField(check, bases, context)).toContain('latestActive.value.networkMode');
  });

  test('a check that throws on a malformed date', () => {
    const check = checkThat(({ latestActive }) =>
      latestActive.known && new Date(latestActive.value?.registeredAt ?? 0).toISOString() ? passed() : fail,
    );
    const { context } = tried(check);

    expect(crashesOnHostileText(check, resourcesFor(check), context)).toContainEqual(
      expect.stringContaining('latestActive.value.registeredAt = "9999'),
    );
  });
});
