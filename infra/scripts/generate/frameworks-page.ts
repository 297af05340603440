import type { Check } from '../../../shared/domain/check.ts';
import type { Framework, FrameworkRequirement } from '../../../shared/domain/framework.ts';
import { type Answers, answersOf } from '../../../shared/reports/answers.ts';
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
  const answers = framework.requirements.map((requirement) => answersOf(framework, requirement, checks));
  const judged = answers.filter(({ same }) => same.length > 0).length;
  const related = answers.filter(({ same, related }) => same.length === 0 && related.length > 0).length;
  return [
    `## ${framework.name} ${framework.version}`,
    `Source: <${framework.sourceUrl}>. Of ${framework.requirements.length} requirements, ${judged} are judged by a check, and ${related} have related checks only.${framework.subset === undefined ? '' : ` ${framework.subset}`}`,
    table(
      ['requirement', 'in our words', 'checks', 'note'],
      framework.requirements.map((requirement, index) => [
        requirement.id,
        requirement.title,
        answersText(answers[index]),
        remarksOn(requirement, answers[index]),
      ]),
    ),
  ].join('\n\n');
}

function answersText({ same, related }: Answers = { same: [], related: [] }): string {
  return [...same.map(link), ...related.map((id) => `~ ${link(id)}`)].join(', ') || 'not automated';
}

function remarksOn({ note, byHand, through }: FrameworkRequirement, answers: Answers | undefined): string {
  const none = answers?.same.length === 0 && answers.related.length === 0;
  return [
    note,
    through === undefined ? undefined : `through ${through.join(', ')}`,
    none && byHand !== undefined ? `By hand: ${byHand}` : undefined,
  ]
    .filter((remark) => remark !== undefined)
    .join('. ');
}

function link(id: string): string {
  return `[${id}](checks/${id}.md)`;
}
