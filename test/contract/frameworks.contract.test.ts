import { describe, expect, test } from 'vitest';
import type { FrameworkId } from '#shared/domain/check.ts';
import type { Framework, FrameworkRequirement } from '#shared/domain/framework.ts';
import { POD_SECURITY_CONTROLS } from '#shared/domain/pod-security/standards.ts';
import { frameworks } from '#shared/frameworks/index.generated.ts';
import { answersOf } from '#shared/reports/answers.ts';
import { allChecks } from '#test/support/all-checks.ts';

/** Read in the documentation of AWS as of September 2026: fsbp-standard, and the page of each service. */
const FSBP = [
  'ECR.1 ECR.2 ECR.3',
  'ECS.2 ECS.3 ECS.4 ECS.5 ECS.8 ECS.9 ECS.10 ECS.12 ECS.16 ECS.18 ECS.19 ECS.20 ECS.21',
  'EKS.1 EKS.2 EKS.3 EKS.8 EKS.9',
  'GuardDuty.1 GuardDuty.5 GuardDuty.6 GuardDuty.7 GuardDuty.8 GuardDuty.9 GuardDuty.10 GuardDuty.11 GuardDuty.12',
  'GuardDuty.13',
  'Inspector.1 Inspector.2 Inspector.3 Inspector.4',
];
const OUTSIDE_FSBP = [
  'ECR.4 ECR.5',
  'ECS.13 ECS.14 ECS.15 ECS.17',
  'EKS.6 EKS.7',
  'GuardDuty.2 GuardDuty.3 GuardDuty.4',
];
/** The ids of kube-bench for eks-1.8.0. */
const CIS_EKS = [
  '2.1.1 2.1.2',
  '3.1.1 3.1.2 3.1.3 3.1.4 3.2.1 3.2.2 3.2.3 3.2.4 3.2.5 3.2.6 3.2.7 3.2.8 3.2.9',
  '4.1.1 4.1.2 4.1.3 4.1.4 4.1.5 4.1.6 4.1.7 4.1.8 4.1.9 4.1.10 4.1.11 4.1.12',
  '4.2.1 4.2.2 4.2.3 4.2.4 4.2.5 4.3.1 4.3.2 4.4.1 4.4.2 4.5.1 4.5.2',
  '5.1.1 5.1.2 5.1.3 5.1.4 5.2.1 5.3.1 5.4.1 5.4.2 5.4.3 5.4.4 5.4.5 5.5.1',
];
const NIST_800_190 = [
  '4.1.1 4.1.2 4.1.3 4.1.4 4.1.5 4.2.1 4.2.2 4.2.3 4.3.1 4.3.2 4.3.3 4.3.4 4.3.5',
  '4.4.1 4.4.2 4.4.3 4.4.4 4.4.5 4.5.1 4.5.2 4.5.3 4.5.4 4.5.5 4.6',
];
/** AWS names them beside GuardDuty.1: how systems are developed, which a detector says nothing about. */
const NOT_TAKEN_OVER = /^(?:SA-(?:8|11|15)|SI-20)\b/;
/** AWS documents a control on the page of its service. */
const CONTROL_PAGE =
  /^https:\/\/docs\.aws\.amazon\.com\/securityhub\/latest\/userguide\/([a-z0-9]+)-controls\.html#\1-\d+$/;

function framework(id: FrameworkId): Framework {
  const found = frameworks.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no framework ${id}`);
  return found;
}

const idsOf = (id: FrameworkId) => framework(id).requirements.map((requirement) => requirement.id);
const words = (lines: readonly string[]) => lines.flatMap((line) => line.split(' '));
const containerServices = (ids: readonly string[]) =>
  ids.filter((id) => /^(?:ECR|ECS|EKS|GuardDuty|Inspector)\./.test(id));
const controlsOfAws = [...framework('aws-fsbp').requirements, ...framework('aws-security-hub').requirements];

describe('AU-2: a framework has', () => {
  test('every control of AWS about ECR, ECS, EKS, GuardDuty and Inspector, in the standard it belongs to', () => {
    expect(containerServices(idsOf('aws-fsbp')).sort()).toEqual(words(FSBP).sort());
    expect(containerServices(idsOf('aws-security-hub')).sort()).toEqual(words(OUTSIDE_FSBP).sort());
  });

  test('all 50 recommendations of CIS for EKS, and all countermeasures of NIST for containers', () => {
    expect(idsOf('cis-eks-1.8.0')).toEqual(words(CIS_EKS));
    expect(idsOf('nist-800-190')).toEqual(words(NIST_800_190));
  });

  test('a requirement for each control of the Pod Security Standards that admission has', () => {
    for (const profile of ['baseline', 'restricted'] as const) {
      const controls = POD_SECURITY_CONTROLS.filter(({ level }) => level === profile);
      const requirements = idsOf('pod-security-standards').filter((id) => id.startsWith(`${profile}/`));

      expect(requirements, profile).toHaveLength(controls.length);
    }
  });

  test('a statement of what is here and what is left out, unless it is here whole', () => {
    const silent = frameworks.filter(({ subset }) => subset === undefined).map(({ id }) => id);

    expect(silent).toEqual(['pod-security-standards']);
    expect(framework('cis-eks-1.8.0').subset).toContain('Version 2.0.0 is left out');
  });
});

describe('what AWS names beside its controls', () => {
  const named = (id: FrameworkId) => [...new Set(controlsOfAws.flatMap(({ names }) => names?.[id] ?? []))].sort();
  const through = (id: FrameworkId) =>
    framework(id).requirements.filter((requirement) => requirement.through !== undefined);

  test.for(['nist-800-53-r5', 'pci-dss-4.0.1', 'cis-aws-5.0.0'] as const)('is all of %s that is mapped', (id) => {
    const wanted = named(id).filter((requirement) => !NOT_TAKEN_OVER.test(requirement));

    expect(
      through(id)
        .map((requirement) => requirement.id)
        .sort(),
    ).toEqual(wanted);
    expect(through(id).filter((requirement) => requirement.through?.length === 0)).toEqual([]);
  });

  test('is left out only where the framework says so', () => {
    const leftOut = named('nist-800-53-r5').filter((id) => NOT_TAKEN_OVER.test(id));

    expect(leftOut.length).toBeGreaterThan(0);
    for (const id of leftOut) expect(framework('nist-800-53-r5').subset).toContain(id.replace(/\(.*/, ''));
  });

  test('stands on a page that each control links', () => {
    expect(controlsOfAws.filter(({ sourceUrl = '' }) => !CONTROL_PAGE.test(sourceUrl)).map(({ id }) => id)).toEqual([]);
  });
});

describe('AU-4: a mapping cannot be made up', () => {
  test('every check belongs to a practice', () => {
    const practices = framework('hullcheck-practices');
    const answered = practices.requirements.flatMap((requirement) => {
      const { same, related, lint } = answersOf(practices, requirement, allChecks);
      return [...same, ...related, ...lint];
    });

    expect(allChecks.map(({ id }) => id).filter((id) => !answered.includes(id))).toEqual([]);
  });

  test('a check names each framework once, by an id that has data, and each requirement once', () => {
    const known = new Set<string>(frameworks.map(({ id }) => id));
    for (const { id, frameworks: same, relatedControls = {} } of allChecks) {
      for (const [name, ids] of [...Object.entries(same), ...Object.entries(relatedControls)]) {
        expect(known.has(name), `${id} names ${name}`).toBe(true);
        expect(new Set(ids).size, `${id} names ${name}: ${ids.join(', ')}`).toBe(ids.length);
        expect(ids.length, `${id} names nothing of ${name}`).toBeGreaterThan(0);
      }
    }
  });

  test('only AWS and frameworks with tests of their own are called the same', () => {
    const judged = ['aws-fsbp', 'aws-security-hub', 'cis-eks-1.8.0', 'hullcheck-practices', 'nist-800-190'];

    expect(
      [...new Set(allChecks.flatMap((check) => Object.keys(check.frameworks)))].filter((id) => !judged.includes(id)),
    ).toEqual([]);
  });

  test('a part is of a check that answers the requirement', () => {
    const strangers = all((requirement, owner) => {
      const { same, related } = answersOf(owner, requirement, allChecks);
      return (requirement.parts ?? []).some(({ check }) => ![...same, ...related].includes(check));
    });

    expect(strangers).toEqual([]);
  });

  test('a check that counts in part for a requirement does so for each control of AWS that leads to it', () => {
    const checksOf = (control: FrameworkRequirement) => {
      const owner = framework('aws-fsbp').requirements.includes(control) ? 'aws-fsbp' : 'aws-security-hub';
      const { same, related } = answersOf(framework(owner), control, allChecks);
      return same.length > 0 ? same : related;
    };
    const whole = all(({ through = [], parts = [] }) =>
      controlsOfAws
        .filter(({ id }) => through.includes(id))
        .some((control) =>
          parts.some(
            ({ check }) => checksOf(control).includes(check) && !control.parts?.some((one) => one.check === check),
          ),
        ),
    );

    expect(whole).toEqual([]);
  });

  test('a check that only lint runs is never what a report rests on', () => {
    const lint = allChecks.filter(({ resourceType }) => resourceType === 'Dockerfile').map(({ id }) => id);
    const resting = all((requirement, owner) => {
      const { same, related } = answersOf(owner, requirement, allChecks);
      return [...same, ...related].some((id) => lint.includes(id));
    });

    expect(lint.length).toBeGreaterThan(0);
    expect(resting).toEqual([]);
  });
});

describe('what people read', () => {
  test('is short, and a sentence where it tells them to do something', () => {
    const long = all(({ title, byHand = 'Ok.' }) => title.length > 100 || byHand.length > 160 || !byHand.endsWith('.'));

    expect(long).toEqual([]);
  });

  test('is in our own words: none begins like a benchmark does', () => {
    expect(all(({ title }) => /\bensure\b|^minimize\b|\bshould\b/i.test(title))).toEqual([]);
  });
});

function all(isWrong: (requirement: FrameworkRequirement, owner: Framework) => boolean): readonly string[] {
  return frameworks.flatMap((owner) =>
    owner.requirements.filter((requirement) => isWrong(requirement, owner)).map(({ id }) => `${owner.id}/${id}`),
  );
}
