import { styleText } from 'node:util';
import type { Severity } from '../../domain/severity.ts';

/** Colours text, or leaves it alone. Words never depend on it. */
export interface Paint {
  severity(severity: Severity, text: string): string;
  good(text: string): string;
  bad(text: string): string;
  doubtful(text: string): string;
  heading(text: string): string;
  faint(text: string): string;
}

type Style = Parameters<typeof styleText>[0];

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  CRITICAL: ['bold', 'red'],
  HIGH: 'red',
  MEDIUM: 'yellow',
  LOW: 'cyan',
  INFORMATIONAL: 'gray',
};

/** @param colour decided by the caller, from the terminal, NO_COLOR and the options */
export function createPaint(colour: boolean): Paint {
  const as = (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text);
  return {
    severity: (severity, text) => as(SEVERITY_STYLES[severity], text),
    good: (text) => as('green', text),
    bad: (text) => as(['bold', 'red'], text),
    doubtful: (text) => as('yellow', text),
    heading: (text) => as('bold', text),
    faint: (text) => as('dim', text),
  };
}
