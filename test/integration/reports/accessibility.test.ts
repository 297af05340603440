import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { frameworks } from '#shared/frameworks/index.generated.ts';
import { finding, waiver } from '#test/factories/finding.ts';
import { everythingRead, filesOf, manyFindings, previousOf, reportOf } from '#test/support/report.ts';
import { chromium, inBrowser, isChromiumRequired, SKIPPED } from './browser.ts';

const DARK = ['--blink-settings=preferredColorScheme=0'];

describe('the page in a browser', () => {
  test.runIf(isChromiumRequired)('is looked at: CI has a Chromium', () => {
    expect(chromium, 'install the package chromium').toBeDefined();
  });

  test.skipIf(chromium === undefined).for([
    ['light, on a desk', { width: 1280 }],
    ['dark, on a telephone', { width: 390, flags: DARK }],
  ] as const)(`axe finds no violation${SKIPPED}: %s`, async ([, screen]) => {
    const violations = await inBrowser(await examplePage(), screen, [
      axe.source,
      `axe.run(document).then(function(r){return r.violations.map(function(v){
        return v.id+': '+v.nodes.length+' '+v.nodes[0].html.slice(0,160)+' '+v.nodes[0].failureSummary})})`,
    ]);

    expect(violations).toEqual([]);
  });

  test.skipIf(chromium === undefined)(
    `filters by keyboard, says how many are left, and has its headings in order${SKIPPED}`,
    async () => {
      const seen = await inBrowser(await examplePage(), { width: 1280 }, [KEYBOARD]);

      expect(seen).toEqual({
        lang: 'en',
        steps: [],
        unnamedTables: 0,
        focused: ['INPUT', 'SELECT'],
        said: expect.stringMatching(/^1 finding shown, filtered by legacy-batch, Accepted$/),
        visible: 1,
        sorted: 'ascending',
      });
    },
  );
});

/** What a keyboard reaches and what happens then; `steps` are headings that skip a level. */
const KEYBOARD = `(function(){
  var heads=[].map.call(document.querySelectorAll('h1,h2,h3,h4,h5,h6'),function(h){return +h.tagName[1]});
  var steps=heads.filter(function(h,i){return i?h>heads[i-1]+1:h!==1});
  var unnamed=[].filter.call(document.querySelectorAll('table'),function(t){
    return !t.caption||![].every.call(t.querySelectorAll('th'),function(h){return h.scope==='col'||h.scope==='row'})});
  var controls=document.querySelectorAll('.tools input,.tools select'),focused=[];
  [].forEach.call(controls,function(c){c.focus();focused.push(document.activeElement.tagName)});
  controls[0].value='legacy-batch';controls[0].dispatchEvent(new Event('input'));
  controls[1].value='WAIVED';controls[1].dispatchEvent(new Event('change'));
  var visible=[].filter.call(document.querySelectorAll('#findings tbody tr'),function(r){
    return !r.hidden&&!r.closest('.check').hidden}).length;
  var button=document.querySelector('#areas th button');button.focus();button.click();
  return {lang:document.documentElement.lang,steps:steps,unnamedTables:unnamed.length,focused:focused,
    said:document.querySelector('.tools output').textContent,visible:visible,
    sorted:button.closest('th').getAttribute('aria-sort')};
})()`;

/** A page with every section filled: unread scopes, a waiver, a trend. */
async function examplePage(): Promise<string> {
  const first = await filesOf(await reportOf(manyFindings(40), { startedAt: '2026-11-22T12:00:00.000Z' }));
  const unread = {
    accountId: '222222222222',
    region: 'us-east-1',
    service: 'ecs',
    status: 'failed',
    reason: 'The role is missing.',
    gaps: [],
  } as const;
  const some = manyFindings(600).filter((_, index) => index % 24 === 0);
  const report = await reportOf([...some, finding({ waiver: waiver() })], {
    coverage: [...everythingRead(), unread],
    frameworks: frameworks.slice(0, 2),
    previous: await previousOf(first),
    waiversOf: () => [{ id: 'legacy', state: 'expired', hidden: 0, owner: 'team', expiresAt: '2026-01-01T00:00:00Z' }],
  });
  return (await filesOf(report)).get('report.html') ?? '';
}
