import type { Check, ControlMap, FrameworkId } from '../../../shared/domain/check.ts';
import type { Framework, FrameworkRequirement } from '../../../shared/domain/framework.ts';
import { page, table } from './markdown.ts';

/** `docs/frameworks.md`: every requirement once, with the checks that judge it, or why none does. */
export function generateFrameworksPage(
  checks: readonly Check[],
  frameworks: readonly Framework[],
): ReadonlyMap<string, string> {
  return new Map([
    [
      'docs/frameworks.md',
      page(
        '# Frameworks',
        'Which check answers which requirement. `~` marks a check that is related and may give another verdict. Titles are in our own words; the text of a framework is at its owner.',
        ...frameworks.map((framework) => section(framework, checks)),
      ),
    ],
  ]);
}

function section(framework: Framework, checks: readonly Check[]): string {
  const answers = framework.requirements.map((requirement) => answersTo(framework.id, requirement, checks));
  const judged = answers.filter((answer) => answer.some((check) => !check.startsWith('~'))).length;
  const related = answers.filter((answer) => answer.length > 0).length - judged;
  return [
    `## ${framework.name} ${framework.version}`,
    `Source: <${framework.sourceUrl}>. Of ${framework.requirements.length} requirements, ${judged} are judged by a check, and ${related} have related checks only.`,
    table(
      ['requirement', 'in our words', 'checks', 'note'],
      framework.requirements.map((requirement, index) => [
        requirement.id,
        requirement.title,
        answers[index]?.join(', ') || 'none',
        requirement.note ?? '',
      ]),
    ),
  ].join('\n\n');
}

function answersTo(framework: FrameworkId, requirement: FrameworkRequirement, checks: readonly Check[]): string[] {
  const named = (controls: ControlMap | undefined) => controls?.[framework]?.includes(requirement.id) === true;
  // SP 800-190 has no tests of its own, so nothing judges the same as it does.
  const sameMark = framework === 'nist-800-190' ? '~ ' : '';
  return [
    ...checks.filter((check) => named(check.frameworks)).map((check) => `${sameMark}${link(check)}`),
    ...checks.filter((check) => named(check.relatedControls)).map((check) => `~ ${link(check)}`),
  ];
}

function link(check: Check): string {
  return `[${check.id}](checks/${check.id}.md)`;
}
