import type { CoverageEntry, CoverageGap } from '../../domain/coverage.ts';
import type { Finding } from '../../domain/finding.ts';
import type { ResultHeader, WaiverUse } from '../../domain/result.ts';

/**
 * The JSON result, version 1 (`docs/schema/result.v1.json`), piece by piece: the header one key a line, then one
 * finding a line, so that two results can be compared with a plain `diff` and nothing is held whole.
 *
 * @param findings in order of (check id, resource uid), which the engine gives
 */
export function* jsonResult(header: ResultHeader, findings: Iterable<Finding>): Generator<string> {
  const top = {
    schemaVersion: header.schemaVersion,
    tool: { name: header.tool.name, version: header.tool.version, ruleSetHash: header.tool.ruleSetHash },
    startedAt: header.startedAt,
    finishedAt: header.finishedAt,
    complete: header.complete,
    coverage: header.coverage.map(coverageOf),
    summary: header.summary,
    waivers: header.waivers?.map(waiverOf),
  };
  yield '{\n';
  for (const [key, value] of Object.entries(top))
    if (value !== undefined) yield `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`;
  yield '"findings": [';
  let separator = '\n';
  for (const finding of findings) {
    yield separator + JSON.stringify(findingOf(finding));
    separator = ',\n';
  }
  yield '\n]\n}\n';
}

// Keys with the value `undefined` do not appear in JSON; the order of the others is part of the contract.

function coverageOf(entry: CoverageEntry): object {
  return {
    accountId: entry.accountId,
    region: entry.region,
    service: entry.service,
    cluster: entry.cluster,
    status: entry.status,
    reason: entry.reason,
    gaps: entry.gaps.map(gapOf),
  };
}

function gapOf(gap: CoverageGap): object {
  return {
    operation: gap.operation,
    reason: gap.reason,
    missingPermission: gap.missingPermission,
    resource: gap.resource,
    count: gap.count > 1 ? gap.count : undefined,
  };
}

function waiverOf(use: WaiverUse): object {
  return {
    id: use.id,
    state: use.state,
    hidden: use.hidden,
    expiresAt: use.expiresAt,
    owner: use.owner,
    problems: use.problems,
  };
}

function findingOf(finding: Finding): object {
  const { resource, waiver, source } = finding;
  return {
    id: finding.id,
    checkId: finding.checkId,
    status: finding.status,
    severity: finding.severity,
    severityReason: finding.severityReason,
    resource: {
      uid: resource.uid,
      type: resource.type,
      name: resource.name,
      accountId: resource.accountId,
      region: resource.region,
      cluster: resource.cluster,
      namespace: resource.namespace,
    },
    inUse: finding.inUse,
    reason: finding.reason,
    evidence: finding.evidence.map(({ path, observed, expected }) => ({ path, observed, expected })),
    waiver: waiver && {
      id: waiver.id,
      reason: waiver.reason,
      owner: waiver.owner,
      approvedBy: waiver.approvedBy,
      expiresAt: waiver.expiresAt,
    },
    source: source && { file: source.file, document: source.document, line: source.line },
  };
}
