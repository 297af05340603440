import { type Html, html, moment, number, trusted } from './html/html.ts';
import type { IndexEntry, ReportIndex } from './report-index.ts';

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1.5rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin:1.5rem 0}th:first-child{width:44%}caption{text-align:left;font-weight:600;padding:.4rem 0}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #8888}
.n{text-align:right;font-variant-numeric:tabular-nums}.small{font-size:.8rem;font-weight:400}`;

const HEADS = ['Report', 'Findings', 'Failures', 'Accepted', 'Read'] as const;

/** The page that leads to the reports of one date: on everything, on organizational units, on accounts. */
export function indexPage(index: ReportIndex): string {
  const title = `${index.kind === 'weekly' ? 'Weekly' : 'Monthly'} container security reports, ${index.scheduledFor.slice(0, 10)}`;
  const of = (kind?: 'account' | 'unit') => index.reports.filter(({ slice }) => slice?.kind === kind);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>State of ${moment(index.startedAt)}. ${index.finished ? '' : 'Some reports are still to be made.'}</p>
${table('Everything', of())}
${table('Organizational units', of('unit'))}
${table('Accounts', of('account'))}
</main>
</body>
</html>
`.toString();
}

function table(caption: string, entries: readonly IndexEntry[]): Html | string {
  if (entries.length === 0) return '';
  return html`<table><caption>${caption}</caption>
<thead><tr>${HEADS.map((head, at) => html`<th scope="col" class="${at === 0 || at === 4 ? '' : 'n'}">${head}</th>`)}</tr></thead>
<tbody>
${entries.map(
  ({ slice, name, path, findings, failures, accepted, complete, manifestSha256 }) => html`<tr><th scope="row">${
    manifestSha256 === undefined
      ? html`${slice?.id ?? 'Everything'} (still to be made)`
      : html`<a href="${path}report.html">${name ?? slice?.id ?? 'Everything'}</a>`
  }<br><span class="small">${name === undefined ? '' : slice?.id}</span></th>
<td class="n">${number(findings)}</td><td class="n">${number(failures)}</td><td class="n">${number(accepted)}</td><td>${complete ? 'completely' : 'not completely'}</td></tr>
`,
)}</tbody></table>
`;
}
