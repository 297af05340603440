/** What the heredocs of a Dockerfile hold, and its text without them. */
export interface SeparatedHeredocs {
  /** The same lines, with those of heredocs empty; what opens one is masked. */
  readonly text: string;
  /** By the first line of their instruction, from 0: what each heredoc holds. */
  readonly bodies: ReadonlyMap<number, readonly string[]>;
  /** First lines, from 0, of instructions with a heredoc that does not end. */
  readonly open: readonly number[];
}

/** Stands for the second of two angle brackets; no text has it. https://www.unicode.org/faq/private_use.html#nonchar1 */
const MASK = '\ufdd0';
const HEREDOC = /^\d*<<(-?)([^<]*)$/;
const INSTRUCTION = /^\s*(?:ONBUILD\s+)*(?:RUN|COPY|ADD)\s+(.*)$/is;
const COMMENT_OR_EMPTY = /^\s*(?:#|$)/;

/**
 * Takes heredocs out before a Dockerfile is parsed, by BuildKit's own rule: of RUN, COPY and ADD, where they are not
 * written as a list; as a word of its own, so that `<<` within quotes or behind a backslash is text.
 *
 * @param escapeCharacter the character that continues lines
 * @see https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
 */
export function separateHeredocs(text: string, escapeCharacter: string): SeparatedHeredocs {
  const lines = text.split('\n');
  const bodies = new Map<number, readonly string[]>();
  const open: number[] = [];
  const kept: string[] = [];
  const continued = new RegExp(`(^|[^\\${escapeCharacter}])\\${escapeCharacter}[ \\t]*$`);
  const lineAt = (at: number) => (lines[at] ?? '').replace(/\r$/, '');
  let at = 0;
  const keep = () => {
    kept.push((lines[at] ?? '').replaceAll('<<', `<${MASK}`));
    at += 1;
  };
  while (at < lines.length) {
    const start = at;
    if (COMMENT_OR_EMPTY.test(lineAt(at))) {
      keep();
      continue;
    }
    let instruction = '';
    for (let isOver = false; !isOver && at < lines.length; keep()) {
      const line = lineAt(at);
      if (at > start && COMMENT_OR_EMPTY.test(line)) continue;
      isOver = !continued.test(line);
      instruction += isOver ? line : line.replace(continued, '$1');
    }
    const held: string[] = [];
    for (const { name, isChomped } of heredocsIn(instruction)) {
      const body: string[] = [];
      let isClosed = false;
      for (; at < lines.length && !isClosed; at += 1) {
        const line = isChomped ? lineAt(at).replace(/^\t+/, '') : lineAt(at);
        isClosed = line === name;
        if (!isClosed) body.push(line);
        kept.push('');
      }
      held.push(body.join('\n'));
      if (!isClosed) open.push(start);
    }
    if (held.length > 0) bodies.set(start, held);
  }
  return { text: kept.join('\n'), bodies, open };
}

/** The text as it was written. */
export function unmasked(text: string): string {
  return text.replaceAll(MASK, '<');
}

function heredocsIn(instruction: string): readonly { readonly name: string; readonly isChomped: boolean }[] {
  const command = INSTRUCTION.exec(instruction)?.[1];
  if (command === undefined || isList(command.replace(/^(?:--\S+\s+)+/, ''))) return [];
  return wordsOf(command).flatMap((word) => {
    const [, dash, name] = HEREDOC.exec(word) ?? [];
    return name === undefined || name === '' ? [] : [{ name: unquoted(name), isChomped: dash === '-' }];
  });
}

function isList(command: string): boolean {
  if (!command.trimStart().startsWith('[')) return false;
  try {
    return Array.isArray(JSON.parse(command));
  } catch {
    // Docker takes what is no list for a command of the shell as well.
    return false;
  }
}

/** The words of a shell with their quotes and backslashes. */
function wordsOf(command: string): readonly string[] {
  const words: string[] = [];
  let [word, quote] = ['', ''];
  for (let at = 0; at < command.length; at += 1) {
    const character = command.charAt(at);
    if (character === '\\' && quote !== "'") {
      word += character + command.charAt(at + 1);
      at += 1;
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      if (quote === '' && /["']/.test(character)) quote = character;
      else if (character === quote) quote = '';
      word += character;
    }
  }
  return word === '' ? words : [...words, word];
}

function unquoted(word: string): string {
  return word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2').replaceAll(/\\(.)/g, '$1');
}
