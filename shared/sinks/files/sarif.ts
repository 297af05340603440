import type { CoverageEntry } from '../../domain/coverage.ts';
import type { Finding } from '../../domain/finding.ts';
import type { ResultHeader } from '../../domain/result.ts';
import type { Severity } from '../../domain/severity.ts';
import type { CheckMetadata } from '../check-lookup.ts';
import { evidenceLine } from '../evidence-text.ts';
import { plainLine } from '../plain-text.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
  INFORMATIONAL: 'note',
};
/** The scale by which code scanning shows Critical, High, Medium and Low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  CRITICAL: '9.5',
  HIGH: '8.0',
  MEDIUM: '5.5',
  LOW: '2.0',
  INFORMATIONAL: '0.0',
};
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * FAILED findings as SARIF 2.1.0. Only failures become results, because code scanning shows every result as an alert;
 * what could not be read stands as notifications of the run, and `executionSuccessful` says whether the scan was
 * complete. A live resource is a logical location; a linted document also has a file and line.
 *
 * @param checks the checks of the run, in the registry's order
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function* sarifResult(
  header: ResultHeader,
  findings: Iterable<Finding>,
  checks: readonly CheckMetadata[],
): Generator<string> {
  const indexOf = new Map(checks.map((check, index) => [check.id, index]));
  const driver = {
    name: 'Hullcheck',
    semanticVersion: header.tool.version,
    properties: { ruleSetHash: header.tool.ruleSetHash },
    rules: checks.map(ruleOf),
  };
  const invocation = {
    executionSuccessful: header.complete,
    startTimeUtc: header.startedAt,
    endTimeUtc: header.finishedAt,
    toolExecutionNotifications: header.coverage.flatMap(notificationsOf),
  };
  yield `{"$schema": ${JSON.stringify(SCHEMA)}, "version": "2.1.0", "runs": [{\n`;
  yield `"tool": ${JSON.stringify({ driver })},\n`;
  yield `"invocations": ${JSON.stringify([invocation])},\n`;
  yield '"columnKind": "utf16CodeUnits",\n"results": [';
  let separator = '\n';
  for (const finding of findings) {
    if (finding.status !== 'FAILED') continue;
    yield separator + JSON.stringify(resultOf(finding, indexOf.get(finding.checkId)));
    separator = ',\n';
  }
  yield '\n]}]}\n';
}

function ruleOf(check: CheckMetadata): object {
  return {
    id: check.id,
    shortDescription: { text: check.title },
    fullDescription: { text: check.rationale },
    help: { text: check.remediation.text },
    helpUri: check.remediation.url,
    defaultConfiguration: { level: LEVELS[check.baseSeverity] },
    properties: {
      'security-severity': SECURITY_SEVERITY[check.baseSeverity],
      tags: [
        'security',
        ...Object.entries(check.frameworks).flatMap(([framework, controls]) =>
          controls.map((control) => `${framework}/${control}`),
        ),
      ],
    },
  };
}

function notificationsOf(entry: CoverageEntry): object[] {
  const scope = [entry.accountId, entry.region, entry.service, entry.cluster].filter(Boolean).join(' ');
  const level = entry.status === 'excluded' ? 'note' : 'warning';
  const whole =
    entry.reason === undefined ? [] : [{ level, message: { text: `${scope}: ${plainLine(entry.reason)}` } }];
  return [
    ...whole,
    ...entry.gaps.map((gap) => ({ level: 'warning', message: { text: `${scope}: ${plainLine(gap.reason)}` } })),
  ];
}

function resultOf(finding: Finding, ruleIndex: number | undefined): object {
  const { resource, waiver, source } = finding;
  const evidence = finding.evidence.slice(0, 10).map((item) => evidenceLine(item));
  const text = [`${plainLine(resource.name)}: ${plainLine(finding.reason)}`, ...evidence].join('\n');
  return {
    ruleId: finding.checkId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[finding.severity],
    message: { text },
    locations: [
      {
        ...(source === undefined ? {} : { physicalLocation: physicalLocationOf(source) }),
        logicalLocations: [
          { name: plainLine(resource.name), fullyQualifiedName: plainLine(resource.uid), kind: 'resource' },
        ],
      },
    ],
    // The same object in two files (one for each environment) is two alerts.
    partialFingerprints: {
      'hullcheckFindingId/v1': source === undefined ? finding.id : `${finding.id}@${source.file}`,
    },
    ...(waiver === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: plainLine(waiver.reason) }] }),
    properties: {
      severity: finding.severity,
      accountId: resource.accountId,
      region: resource.region,
      resourceType: resource.type,
      inUse: finding.inUse,
    },
  };
}

function physicalLocationOf(source: NonNullable<Finding['source']>): object {
  const path = source.file === '-' ? 'stdin' : source.file.toWellFormed().replaceAll('\\', '/');
  return {
    artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
    ...(source.line === undefined ? {} : { region: { startLine: Math.max(1, source.line) } }),
  };
}
