import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { allChecks } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { ResultHeader } from '#shared/domain/result.ts';
import { type LintOptions, lint, lintChecks } from '#shared/use-cases/lint/lint.ts';

export interface Linted {
  readonly header: ResultHeader;
  readonly findings: readonly Finding[];
}

const all = allChecks();
const registry = lintChecks(all);
const { parameters } = loadConfig(undefined, 'the defaults', all);
const classify = createClassifier({ hashKey: new Uint8Array(32) });

/** Lints texts as files, in the order given. */
export async function lintTexts(
  texts: Readonly<Record<string, string>>,
  options: Partial<LintOptions> = {},
): Promise<Linted> {
  const files = Object.entries(texts).map(([file, text]) => ({ file, content: new TextEncoder().encode(text) }));
  const result = await lint(files, {
    registry,
    parameters,
    toolVersion: '0.0.0',
    now: () => new Date('2026-11-01T00:00:00Z'),
    classify,
    kubernetesVersion: '1.34',
    ...options,
  });
  return { header: result.header, findings: [...result.findings()] };
}

/** The statuses by check; of several resources the first. */
export function statusByCheck({ findings }: Linted): Readonly<Record<string, string>> {
  return Object.fromEntries(findings.toReversed().map(({ checkId, status }) => [checkId, status]));
}

/** The checks that fail, each once, in order. */
export function failedChecks({ findings }: Linted): readonly string[] {
  return [...new Set(findings.filter(({ status }) => status === 'FAILED').map(({ checkId }) => checkId))];
}

/** What was not read, as a person is told. */
export function gapReasons({ header }: Linted): readonly string[] {
  return header.coverage.flatMap(({ gaps }) => gaps.map(({ reason }) => reason));
}
