import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cells a text takes in a terminal: two for CJK and emoji. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Fills up with spaces to `width` cells. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts to `width` cells, at the end; never inside a character. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${take(
    [...segmenter.segment(text)].map(({ segment }) => segment),
    width - 1,
  ).join('')}…`;
}

/** Cuts to `width` cells, in the middle, and keeps more of the end: names differ at their ends. */
export function clipMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...segmenter.segment(text)].map(({ segment }) => segment);
  const front = take(characters, Math.floor((width - 1) / 3));
  const back = take(characters.toReversed(), width - 1 - widthOf(front.join(''))).toReversed();
  return `${front.join('')}…${back.join('')}`;
}

function take(characters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += widthOf(character);
    if (used > width) break;
    taken.push(character);
  }
  return taken;
}

/** Breaks a sentence into lines of at most `width` cells, at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = clipMiddle(word, width);
  }
  if (line !== '') lines.push(line);
  return lines;
}
