import { createHash } from 'node:crypto';
import type { Report, ReportHead } from '../model.ts';
import { banner, coverageSection, tiles } from './coverage.ts';
import { findingsSection, worstSection } from './findings.ts';
import { frameworksSection } from './frameworks.ts';
import { type Html, html, moment, trusted } from './html.ts';
import { methodSection } from './method.ts';
import { PATTERNS } from './parts.ts';
import { accountsSection, areasSection } from './places.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { trendSection } from './trend.ts';
import { waiversSection } from './waivers.ts';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded and nothing is sent; only the script that is in the page runs, by its hash. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`;

const CONTENTS = [
  ['coverage', 'Coverage and completeness'],
  ['frameworks', 'Results by framework and requirement'],
  ['accounts', 'Results by account and organizational unit'],
  ['areas', 'Results by practice area'],
  ['worst', 'What runs now and is worst'],
  ['trend', 'Trend'],
  ['waivers', 'Waivers'],
  ['findings', 'Findings'],
  ['method', 'Method and limits'],
] as const;

/** The report as one page that needs nothing else: no assets, no network, no script. */
export async function* htmlReport(report: Report): AsyncGenerator<string> {
  const { head } = report;
  yield top(head);
  for (const section of [coverageSection, frameworksSection, accountsSection, areasSection]) {
    yield section(head).toString();
  }
  yield worstSection(head).toString();
  yield trendSection(head).toString();
  yield waiversSection(head).toString();
  yield* findingsSection(report);
  yield methodSection(head).toString();
  yield bottom(head);
}

function top(head: ReportHead): string {
  const { title, runId, id, tool, startedAt, createdAt, slice, source } = head;
  const about =
    slice === undefined
      ? 'everything in scope'
      : `the ${slice.kind === 'unit' ? 'organizational unit' : 'account'} ${slice.id}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="referrer" content="no-referrer">
<title>${title}, ${startedAt.slice(0, 10)}</title>
<style>${trusted(STYLE)}${pageFoot(head)}</style>
</head>
<body>
<a class="skip" href="#main">To the results</a>
${PATTERNS}
<header>
<h1>${title}</h1>
<p class="lead">State of ${moment(startedAt)}, about ${about}</p>
</header>
<main id="main">
${banner(head)}
${tiles(head)}
<dl class="meta">
<div><dt>Made from</dt><dd>${source === 'ledger' ? 'the ledger' : 'one inventory'}</dd></div>
<div><dt>Made at</dt><dd>${moment(createdAt)}</dd></div>
<div><dt>Run</dt><dd>${runId}</dd></div>
<div><dt>Tool</dt><dd>Hullcheck ${tool.version}</dd></div>
<div><dt>Report</dt><dd>${id}</dd></div>
</dl>
<p class="paper small">On paper this report is short: of sections 2 and 8 it has what fails or is unknown, and says there what it leaves out. The page on a screen, <code>report.json</code> and <code>findings.csv</code> have the rest.</p>
<nav aria-label="Contents"><ol>${CONTENTS.map(([anchor, name]) => html`<li><a href="#${anchor}">${name}</a></li>`)}</ol></nav>
`.toString();
}

/** What each printed page says of itself, so that a loose one can be told. Texts from elsewhere do not belong there. */
function pageFoot({ id, startedAt, complete }: ReportHead): Html {
  const words = (text: string) => text.replace(/[^0-9A-Za-z-]/g, '');
  const state = complete ? '' : ' \u00b7 NOT COMPLETE, see page 1';
  return trusted(
    `@page{@bottom-left{content:"Hullcheck report ${words(id)} \u00b7 ${words(startedAt.slice(0, 10))}${state}"}}`,
  );
}

function bottom({ tool, createdAt, id }: ReportHead): string {
  return html`</main>
<footer>Made by Hullcheck ${tool.version} on ${moment(createdAt)}. Report ${id}.</footer>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.toString();
}
