import { areaOf, type Check } from '../domain/check.ts';
import { compareCodeUnits } from '../domain/order.ts';

/** Raised at start when a check is not fit to run; the message names the check and says what to mend. */
export class CheckRegistryError extends Error {
  override readonly name = 'CheckRegistryError';
}

/** The checks of one run, in order of id. */
export interface CheckRegistry {
  readonly checks: readonly Check[];
  /** Finds a check by its id or one of its earlier ids. */
  find(idOrAlias: string): Check | undefined;
}

const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;
const MAX_RATIONALE = 400;
/** Security Hub cuts a remediation at 512 characters and a title at 256. */
const MAX_REMEDIATION = 512;
const MAX_TITLE = 256;

/**
 * Accepts a list of checks or refuses it as a whole.
 *
 * @throws CheckRegistryError with every problem, one a line
 */
export function createRegistry(checks: readonly Check[]): CheckRegistry {
  const problems: string[] = [];
  const byId = new Map<string, Check>();
  for (const check of checks) {
    problems.push(...problemsOf(check));
    for (const id of [check.id, ...(check.aliases ?? [])]) {
      if (byId.has(id))
        problems.push(`${check.id}: the id ${id} is taken by ${byId.get(id)?.id}; ids are forever and unique.`);
      byId.set(id, check);
    }
  }
  if (problems.length > 0) throw new CheckRegistryError(problems.join('\n'));
  const ordered = [...checks].sort((left, right) => compareCodeUnits(left.id, right.id));
  return { checks: ordered, find: (idOrAlias) => byId.get(idOrAlias) };
}

function problemsOf(check: Check): string[] {
  const problems: string[] = [];
  const complain = (condition: boolean, sentence: string) => {
    if (condition) problems.push(`${check.id || '(a check without an id)'}: ${sentence}`);
  };
  complain(!ID.test(check.id), 'the id must be kebab-case, such as ecr-repository-tags-immutable.');
  complain(areaOf(check.id) === undefined, 'the id must begin with an area of the catalogue, such as ecr-.');
  complain(
    !/ should /.test(check.title),
    'the title must say what "should" be, in the style of Security Hub controls.',
  );
  complain(check.title.length > MAX_TITLE, `the title is longer than ${MAX_TITLE} characters.`);
  complain(check.rationale.trim().length < 30, 'the rationale must name the risk.');
  complain(check.rationale.length > MAX_RATIONALE, `the rationale is longer than ${MAX_RATIONALE} characters.`);
  complain(!check.remediation.text.trim().endsWith('.'), 'the remediation must be a sentence that ends with a period.');
  complain(
    check.remediation.text.length > MAX_REMEDIATION,
    `the remediation is longer than ${MAX_REMEDIATION} characters.`,
  );
  complain(!isHttpsUrl(check.remediation.url), 'the remediation url must be an https address.');
  return problems;
}

function isHttpsUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}
