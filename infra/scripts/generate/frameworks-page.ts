import type { Check } from '../../../shared/domain/check.ts';
import type { Framework, FrameworkRequirement } from '../../../shared/domain/framework.ts';
import { type Answers, answersOf } from '../../../shared/reports/answers.ts';
import { LEFT_OUT } from '../../../shared/reports/left-out.ts';
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
        'Which check answers which requirement. `~` marks a check that is related and may give another verdict; `lint` one that judges Dockerfiles, which no scan sees: `hullcheck lint` runs it, and no report counts it. Titles are in our own words; the text of a framework is at its owner. What AWS names beside a control of its own ("through") stands on the page that is linked.',
        `Left out, because no list of its requirements could be read: ${LEFT_OUT}.`,
        ...frameworks.map((framework) => section(framework, frameworks, checks)),
      ),
    ],
  ]);
}

function section(framework: Framework, frameworks: readonly Framework[], checks: readonly Check[]): string {
  const answers = framework.requirements.map((requirement) => answersOf(framework, requirement, checks));
  const judged = answers.filter(({ same }) => same.length > 0).length;
  const related = answers.filter(({ same, related }) => same.length === 0 && related.length > 0).length;
  return [
    `## ${framework.name} ${framework.version}`,
    `Source: <${framework.sourceUrl}>. Of ${framework.requirements.length} requirements, ${judged} are judged by a check, and ${related} have related checks only.${framework.subset === undefined ? '' : ` ${framework.subset}`}`,
    table(
      ['requirement', 'in our words', 'checks', 'note'],
      framework.requirements.map((requirement, index) => [
        linked(requirement),
        requirement.title,
        answersText(answers[index]),
        remarksOn(requirement, answers[index], frameworks),
      ]),
    ),
  ].join('\n\n');
}

function answersText({ same, related, lint }: Answers = { same: [], related: [], lint: [] }): string {
  const scanned = [...same.map(link), ...related.map((id) => `~ ${link(id)}`)];
  return [...(scanned.length === 0 ? ['not automated'] : scanned), ...lint.map((id) => `lint ${link(id)}`)].join(', ');
}

function remarksOn(
  { note, byHand, through, parts }: FrameworkRequirement,
  answers: Answers | undefined,
  frameworks: readonly Framework[],
): string {
  const none = answers?.same.length === 0 && answers.related.length === 0;
  const controls = frameworks.flatMap(({ requirements }) => requirements.filter(({ id }) => through?.includes(id)));
  return [
    note,
    parts === undefined ? undefined : 'only failures that are about it count',
    through === undefined ? undefined : `through ${controls.map(linked).join(', ')}`,
    none && byHand !== undefined ? `By hand: ${byHand}` : undefined,
  ]
    .filter((remark) => remark !== undefined)
    .join('. ');
}

function linked({ id, sourceUrl }: FrameworkRequirement): string {
  return sourceUrl === undefined ? id : `[${id}](${sourceUrl})`;
}

function link(id: string): string {
  return `[${id}](checks/${id}.md)`;
}
