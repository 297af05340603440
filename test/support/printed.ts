import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './all-checks.ts';

/** A command of ours on a page, and what the page says it prints. */
export interface Printed {
  readonly page: string;
  /** After the prompt. */
  readonly command: string;
  readonly shown: string;
}

const BLOCK = /^```\w*\n([\s\S]*?)^```$/gm;

/** The blocks of a page that are set apart as code. */
export function blocksOf(page: string): readonly string[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(BLOCK)].map(([, block = '']) => block);
}

/** All commands of ours on a page that are shown with what they print. */
export function printedOn(page: string): readonly Printed[] {
  const commands = blocksOf(page).flatMap((block) => block.split(/^\$ /m).slice(1));
  return commands.flatMap((text) => {
    const [command = '', ...lines] = text.split('\n');
    const shown = lines.join('\n').trim();
    return command.startsWith('npx hullcheck ') && shown !== '' ? [{ page, command, shown }] : [];
  });
}

/**
 * What of a shown text a command does not print. An ellipsis leaves out whatever is there; where lines are broken depends
 * on the terminal.
 */
export function notPrinted(shown: string, stdout: string): readonly string[] {
  const printed = flat(stdout);
  const missing: string[] = [];
  let from = 0;
  for (const part of shown.split('…').map(flat)) {
    const found = printed.indexOf(part, from);
    if (found === -1) missing.push(part);
    else from = found + part.length;
  }
  return missing;
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
