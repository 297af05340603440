import type { ReportHead, WaiverRecord } from '../model.ts';
import { type Html, html } from './html.ts';
import { table } from './parts.ts';

const STATES: Readonly<Record<WaiverRecord['state'], string>> = {
  active: 'Active',
  expiring: 'Expiring: ends within 14 days',
  expired: 'Expired: hides nothing any more',
  unmatched: 'Unmatched: covers nothing that fails',
  malformed: 'Malformed: ignored',
};

/** Section 7: every accepted risk, with who answers for it and what it hides (AU-8). */
export function waiversSection({ waivers, source }: ReportHead): Html {
  if (waivers === undefined) {
    return html`<section id="waivers"><h2>7. Waivers</h2>
<p>${source === 'ledger' ? 'No failure is accepted by a waiver, and no waivers file was named.' : 'No waivers file was named: no failure is accepted.'}</p></section>
`;
  }
  return html`<section id="waivers"><h2>7. Waivers</h2>
<p>A waiver accepts failures for a time. What it covers stays a failure in every share of this report, and shows again when the waiver ends.</p>
${
  waivers.length === 0
    ? html`<p>The waivers file has no waivers.</p>`
    : table(
        'Register of waivers',
        [
          { head: 'Waiver' },
          { head: 'State' },
          { head: 'Hides', numeric: true },
          { head: 'Owner' },
          { head: 'Approved by' },
          { head: 'From' },
          { head: 'Until' },
          { head: 'Reason', width: 28 },
        ],
        waivers.map((waiver) => [
          waiver.id,
          STATES[waiver.state],
          waiver.hidden,
          waiver.owner ?? '–',
          waiver.approvedBy ?? '–',
          day(waiver.createdAt),
          day(waiver.expiresAt),
          waiver.problems === undefined ? (waiver.reason ?? '–') : waiver.problems.join(' '),
        ]),
        'sortable wide',
      )
}
</section>
`;
}

function day(iso: string | undefined): Html | string {
  return iso === undefined ? '–' : html`<time>${iso.slice(0, 10)}</time>`;
}
