import { describe, expect, test } from 'vitest';
import { lineOf } from '#shared/use-cases/lint/line-tree.ts';
import { readYaml, type YamlDocument } from '#shared/use-cases/lint/read-yaml.ts';

const read = (text: string) => [...readYaml(text)];
const values = (text: string) => read(text).map(({ value }) => value);
function only(text: string): YamlDocument {
  const [first, ...others] = read(text);
  if (first === undefined || others.length > 0) throw new Error('not one document');
  return first;
}

describe('scalars are what kubectl takes them for', () => {
  test.for([
    ['true', true],
    ['yes', true],
    ['On', true],
    ['y', true],
    ['NO', false],
    ['off', false],
    ['n', false],
    ['"yes"', 'yes'],
    ["'on'", 'on'],
    ['yEs', 'yEs'],
    ['~', null],
    ['Null', null],
    ['', null],
    ['0', 0],
    ['-0', 0],
    ['1_000', 1000],
    ['.5_0', 0.5],
    ['_1', '_1'],
    ['0x1F', 31],
    ['0x', '0x'],
    ['0644', 420],
    ['0o17', 15],
    ['-0x1F', -31],
    ['0b101', 5],
    ['0888', 888],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['+12', 12],
    ['1:30', '1:30'],
    ['20:30:40', '20:30:40'],
    ['2026-01-01', '2026-01-01'],
    ['1.2.3', '1.2.3'],
    ['v1', 'v1'],
    ['<<', '<<'],
    ['!!str 12', '12'],
    ['!!str true', 'true'],
    ['!!int "12"', 12],
    ['!custom yes', 'yes'],
    ['|\n  yes', 'yes\n'],
  ] as const)('%s is %j', ([text, value]) => {
    expect(only(`a: ${text}`).value).toEqual({ a: value });
  });

  test('and keys are texts', () => {
    expect(only('on: 1\n80: 2\n1.5: 3\nyes: 4\n__proto__: 5').value).toEqual(
      Object.fromEntries([
        ['true', 4],
        ['80', 2],
        ['1.5', 3],
        ['__proto__', 5],
      ]),
    );
  });
});

describe('a file is split into documents', () => {
  test('by lines of three hyphens, empty ones and those with comments only included', () => {
    expect(values('a: 1\n---\n---\n# nothing\n--- # more\nb: 2\n--- {c: 3}\n')).toEqual([
      { a: 1 },
      null,
      null,
      { b: 2 },
      { c: 3 },
    ]);
  });

  test.for(['---\na: 1', '# Source: chart\n\n---\na: 1', '%YAML 1.1\n---\na: 1', '\ufeffa: 1', '---\r\na: 1\r\n'])(
    'and what is before the first separator is no document: %j',
    (text) => {
      expect(values(text)).toEqual([{ a: 1 }]);
    },
  );

  test('and by lines of three points', () => {
    expect(values('a: 1\n...\n---\nb: 2\n...\n')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test('and an empty file is an empty document', () => {
    expect(values('')).toEqual([null]);
    expect(values('# nothing\n')).toEqual([null]);
  });

  test('and a broken one hides none of the others', () => {
    const documents = read('a: 1\n---\nb: "not closed\nc: [\n---\nd: 4\n');

    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [0, { a: 1 }],
      [1, undefined],
      [2, { d: 4 }],
    ]);
    expect(documents[1]?.problems).toEqual([
      { line: expect.any(Number), message: expect.stringContaining('not YAML') },
    ]);
  });

  test('and three hyphens inside a text end it nowhere but at the start of a line', () => {
    expect(values('a: |\n  x\n  ---\n  y\nb: ---x\n')).toEqual([{ a: 'x\n---\ny\n', b: '---x' }]);
  });
});

describe('what is wrong is told with its line and without a word of the document', () => {
  test.for([
    ['a: 1\nb:\n\tc: 2', 3, 'tab'],
    ['a: 1\nb: [x, y', 2, 'a bracket may not be closed'],
    ['a: "hunter2', 1, 'lacks a character'],
    ['a: 1\n---\nb: 2\nb: 3', 4, 'repeats a key'],
    ['a: *secret', 1, 'an alias of an anchor that is not above it'],
    ['a: &x [*x]', 1, 'inside the very thing'],
    ['a: 1\n? [x]\n: 1', 2, 'a key that is no text'],
    ['a: 1\n~: 2', 2, 'a key that is no text'],
    ['<<: hunter2', 1, 'merges something that is no mapping'],
    ['image: {{ .Values.image }}', 1, 'a key that is no text'],
    ['a: "\\q hunter2"', 1, 'unknown escape'],
    ['a: @hunter2', 1, 'must be in quotes'],
  ] as const)('%j', ([text, line, sentence]) => {
    const problems = read(text).flatMap((document) => document.problems);

    expect(problems[0]).toEqual({ line, message: expect.stringContaining(sentence) });
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|secret|Values/);
  });

  test('a repeated key keeps its last value, as kubectl takes it', () => {
    expect(only('a: 1\na: 2').value).toEqual({ a: 2 });
  });
});

describe('anchors', () => {
  test('are written out, and merges do not override', () => {
    expect(only('x: &x {a: 1, b: 2}\nv: {<<: *x, b: 3}\nz: {<<: [{a: 9}, *x]}\nw: *x').value).toEqual({
      x: { a: 1, b: 2 },
      v: { a: 1, b: 3 },
      z: { a: 9, b: 2 },
      w: { a: 1, b: 2 },
    });
  });

  test('in quotes merge nothing', () => {
    expect(only('"<<": 1').value).toEqual({ '<<': 1 });
  });

  test.for([
    ['aliases', (level: number) => `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`],
    ['merges', (level: number) => `a${level}: &a${level} {<<: [${`*a${level - 1},`.repeat(9)}]}`],
  ] as const)('that make a bomb of %s are refused in no time', ([, level]) => {
    const bomb = ['a0: &a0 {k: v}', ...Array.from({ length: 40 }, (_, index) => level(index + 1))].join('\n');
    const before = performance.now();

    expect(only(bomb).problems).toEqual([
      { line: expect.any(Number), message: 'stands, with its aliases, for more values than can be read' },
    ]);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

test.for([
  ['brackets', '['.repeat(100_000)],
  ['hyphens', '- '.repeat(20_000)],
  ['mappings', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('what is nested without end is refused: %s', ([, text]) => {
  expect(only(text as string).problems).toEqual([
    { line: expect.any(Number), message: expect.stringContaining('nested too deeply') },
  ]);
});

test('JSON is read, also where tabs make it no YAML', () => {
  expect(only('{\n\t"a": {"b": [true, "yes", 1]}\n}').value).toEqual({ a: { b: [true, 'yes', 1] } });
});

describe('the line of a field', () => {
  const document = only(
    [
      '# comment',
      'metadata:',
      '  labels:',
      '    app.kubernetes.io/name: x',
      'spec:',
      '  containers:',
      '    - name: app',
      '      image: x',
      '    - name: side',
      '      securityContext:',
      '        privileged: true',
    ].join('\n'),
  );

  test.for([
    ['spec.containers[1].securityContext.privileged', 11],
    ['spec.containers[1].securityContext.runAsUser', 10],
    ['spec.containers[0].securityContext.runAsUser', 7],
    ['spec.containers[side].securityContext', 10],
    ['metadata.labels.app.kubernetes.io/name', 4],
    ['spec.containers[7].image', 6],
    ['status.phase', 2],
    ['', 2],
  ] as const)('%s is %i, or where it is missing', ([path, line]) => {
    expect(lineOf(document.lines, path)).toBe(line);
  });
});
