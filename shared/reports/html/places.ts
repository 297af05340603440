import { type AreaResult, type Part, type ReportHead, scoreOf } from '../model.ts';
import { type Html, type HtmlValue, html } from './html.ts';
import { COUNT_COLUMNS, countCells, countsBar, legend, table } from './parts.ts';

const AREAS: Readonly<Record<AreaResult['area'], string>> = {
  ecr: 'Registry (ECR)',
  image: 'Images',
  dockerfile: 'Dockerfiles',
  ecs: 'ECS tasks and services',
  eks: 'EKS clusters and nodes',
  workload: 'Kubernetes workloads',
  namespace: 'Kubernetes namespaces',
  cluster: 'Admission of clusters',
  network: 'Network policies',
  identity: 'Identity and access',
  guardduty: 'GuardDuty',
  inspector: 'Inspector',
  other: 'Other',
};

const LEGEND = [
  ['fail', 'failed'],
  ['waived', 'failed and accepted'],
  ['unknown', 'unknown'],
  ['pass', 'passed'],
  ['none', 'not applicable'],
] as const;

const NUMBERS = [{ head: 'Findings', width: 22 }, ...COUNT_COLUMNS, { head: 'Passed of judged', numeric: true }];

/** Section 3: who has what, by account and by organizational unit. */
export function accountsSection({ accounts, units }: ReportHead): Html {
  return html`<section id="accounts"><h2>3. Results by account and organizational unit</h2>
${legend(LEGEND)}
${table(
  'Accounts',
  [{ head: 'Account', width: 26 }, { head: 'Read' }, ...NUMBERS],
  accounts.map((account) => [
    html`${account.name ?? account.accountId}<span class="uid">${account.name === undefined ? '' : account.accountId} ${account.units.join(' / ')}</span>`,
    account.complete ? 'all of it' : html`<b>not all</b>`,
    ...numbers(account),
  ]),
  'sortable wide',
)}
${
  units.length === 0
    ? html`<p>No organizational units are known: the accounts were not listed from AWS Organizations.</p>`
    : table(
        'Organizational units, with everything below them',
        [{ head: 'Unit', width: 26 }, { head: 'Accounts', numeric: true }, ...NUMBERS],
        units.map((unit) => [unit.unit, unit.accounts, ...numbers(unit)]),
        'sortable wide',
      )
}
</section>
`;
}

/** Section 4: what kind of practice is followed, and what is not. */
export function areasSection({ areas }: ReportHead): Html {
  return html`<section id="areas"><h2>4. Results by practice area</h2>
${legend(LEGEND)}
${table(
  'Practice areas',
  [{ head: 'Area', width: 26 }, { head: 'Checks', numeric: true }, ...NUMBERS],
  areas.map((area) => [AREAS[area.area], area.checks, ...numbers(area)]),
  'sortable wide',
)}
</section>
`;
}

function numbers({ counts }: Part): HtmlValue[] {
  const score = scoreOf(counts);
  return [countsBar(counts), ...countCells(counts), score === undefined ? '–' : `${score} %`];
}
