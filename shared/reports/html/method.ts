import { LEFT_OUT } from '../left-out.ts';
import type { ReportHead } from '../model.ts';
import { type Html, html, moment } from './html.ts';
import { table } from './parts.ts';

/** Section 9: how the report came about, and what it cannot say. */
export function methodSection(head: ReportHead): Html {
  const { source, tool, startedAt, finishedAt } = head;
  return html`<section id="method"><h2>9. Method and limits</h2>
<p>Hullcheck reads the configuration of accounts with calls that change nothing, keeps what it read as an inventory, and judges that by rules. The same inventory and the same rules give the same verdicts. Secret values never leave the reader: no report can hold them.</p>
<p>${
    source === 'inventory'
      ? `This report is made from one inventory, read from ${moment(startedAt)} to ${moment(finishedAt)}.`
      : `This report is made from the ledger, which remembers the last known state of each finding. Its last run went from ${moment(startedAt)} to ${moment(finishedAt)}; each finding says when it was observed. The ledger keeps no verdicts that could not be reached: these show as what was known before.`
  }</p>
${table(
  'Words of this report',
  [{ head: 'Word', width: 18 }, { head: 'Meaning' }],
  [
    ['Failed', 'It was read, and is not as it should be.'],
    ['Accepted', 'Failed, and a waiver that is in force accepts it. Counts as a failure in every share.'],
    ['Unknown', 'It could not be read, or no verdict follows from what was read. Counts in no share.'],
    ['Passed', 'It was read, and is as it should be.'],
    ['Not applicable', 'The practice does not concern the resource, or there is no resource. That is no pass.'],
    ['Not automated', 'No check answers the requirement; the table says what to do by hand.'],
    ['Related', 'The check is close to the requirement and may give another verdict than its own test.'],
    ['Passed of judged', 'Passed, divided by passed and failed together, rounded down.'],
  ],
  'narrow',
)}
<h3 id="calls">Calls that read</h3>
<p>Each finding names the calls that have a part in what is known of resources of its type, in this page, in <code>findings.csv</code> and in <code>report.json</code>. Which resources are in use, and what runs of an image, follows from the calls of other services too. Calls that begin with <code>kubernetes:</code> are requests to the API of a cluster.</p>
${table(
  'The calls that each service is read with',
  [{ head: 'Service', width: 18 }, { head: 'Calls' }],
  callsByService(head).map(([service, calls]) => [
    service,
    calls.map((call, index) => html`${index === 0 ? '' : html`, `}${call}`),
  ]),
  'narrow',
)}
<p>Limits: configuration is judged, not what programs do. What a check cannot see stands with its findings. Titles of requirements are in our own words; the texts of the frameworks are at their owners, and several are licensed. A mapped subset of a framework is no assessment of the framework. Left out of the frameworks, because no list of requirements could be read: ${LEFT_OUT}. The report is no certificate.</p>
<p>To verify it: <code>hullcheck report verify DIRECTORY</code> compares every file with <code>manifest.json</code>, which also has the hash of the report before. The rules have the hash <code>${tool.ruleSetHash}</code>.</p>
</section>
`;
}

function callsByService({ checks }: ReportHead): readonly (readonly [service: string, calls: readonly string[]])[] {
  const services = new Map<string, Set<string>>();
  for (const { service, apiCalls } of checks) {
    if (service === undefined) continue;
    const own = services.get(service) ?? new Set();
    services.set(service, own);
    for (const call of apiCalls) own.add(call);
  }
  return [...services]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([service, calls]) => [service, [...calls].sort()]);
}
