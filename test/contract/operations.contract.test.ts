import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '#test/support/all-checks.ts';

const guide = read('docs/operations.md');

test('the guide has a section for every alarm, and none for an alarm that is not there', () => {
  const alarms = [...read('infra/resources/alarms.yml').matchAll(/^ {6}AlarmName: hullcheck-\$\{sls:stage\}-(.+)$/gm)];
  const sections = [...partOf('Alarms').matchAll(/^### (.+)$/gm)];

  expect(sections.map(([, name]) => name).sort()).toEqual(alarms.map(([, name]) => name).sort());
});

test('each of these sections says where to look and what to do', () => {
  for (const section of partOf('Alarms').split(/^### /m).slice(1)) {
    expect(section, section.split('\n')[0]).toMatch(/\*\*Look\*\*/);
    expect(section, section.split('\n')[0]).toMatch(/\*\*[Dd]o\*\*/);
  }
});

test.for(['operations', 'deploy', 'upgrade', 'uninstall', 'cost'])('links in docs/%s.md lead somewhere', (page) => {
  const text = read(`docs/${page}.md`);
  const files = new Set(readdirSync(join(ROOT, 'docs'), { recursive: true }).map((file) => `docs/${String(file)}`));
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? `docs/${page}.md` : join('docs', path);
    expect(files.has(file) || readable(file), `${target} of docs/${page}.md`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(read(file)), target).toContain(anchor);
  }
});

function partOf(heading: string): string {
  const part = guide.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (part === undefined) throw new Error(`docs/operations.md has no part "${heading}"`);
  return part;
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function readable(path: string): boolean {
  return readdirSync(join(ROOT, path, '..')).includes(path.split('/').at(-1) ?? '');
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
