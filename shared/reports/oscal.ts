import { cutMiddle } from '../sinks/plain-text.ts';
import type { FrameworkResult, Report, ReportHead, ReportRow, RequirementResult, Unjudged } from './model.ts';
import { plainJson } from './plain-json.ts';
import { uuidOf } from './uuid.ts';
import { visibleEvidence, visibleLine } from './visible-text.ts';

/** The edition of OSCAL that the file follows. */
const OSCAL_VERSION = '1.2.1';
/** What the names of properties belong to. */
const NAMESPACE = 'urn:hullcheck:oscal:v1';
const MAX_TEXT = 2_000;

/**
 * OSCAL assessment results: one observation a finding of Hullcheck, one finding a requirement that has passed or
 * failed; that one has passed is said only by checks that judge the same. What could not be judged is an observation
 * and never a finding (AU-10). All UUIDs follow from what they name.
 *
 * @see https://pages.nist.gov/OSCAL/learn/concepts/layer/assessment/assessment-results/
 */
export async function* oscalReport({ head, rows }: Report): AsyncGenerator<string> {
  const metadata = {
    title: text(head.title),
    'last-modified': head.createdAt,
    version: head.runId,
    'oscal-version': OSCAL_VERSION,
    props: [prop('tool-version', head.tool.version), prop('rule-set-hash', head.tool.ruleSetHash)],
    remarks: text(
      head.complete ? 'Complete: everything in scope was read.' : `Not complete. ${head.incompleteBecause.join(' ')}`,
    ),
  };
  yield `{"assessment-results": {\n"uuid": ${plainJson(head.id)},\n"metadata": ${plainJson(metadata)},\n`;
  yield `"import-ap": ${plainJson({ href: '#', remarks: 'There is no assessment plan: everything that was asked for was assessed.' })},\n`;
  const result = {
    uuid: uuidOf('result', head.id),
    title: text(head.title),
    description: text(`Practices of container security, judged by Hullcheck ${head.tool.version}.`),
    start: head.startedAt,
    end: head.finishedAt,
    'reviewed-controls': { 'control-selections': selections(head.frameworks) },
  };
  yield `"results": [\n${plainJson(result).slice(0, -1)},\n"observations": [`;
  const failing = new Map<string, string[]>();
  const mappings = new Map(head.checks.map((check) => [check.id, check.mappings]));
  let separator = '\n';
  for await (const row of rows()) {
    // One text for all that name it: there may be hundreds of thousands.
    const uuid = observationId(row, head);
    yield separator + plainJson(observation(row, uuid));
    separator = ',\n';
    if (row.finding.status !== 'FAILED') continue;
    for (const { framework, requirement } of mappings.get(row.finding.checkId) ?? []) {
      const key = `${framework} ${requirement}`;
      const uuids = failing.get(key);
      if (uuids === undefined) failing.set(key, [uuid]);
      else uuids.push(uuid);
    }
  }
  for (const unjudged of head.unjudged) {
    yield separator + plainJson(notJudged(unjudged, head));
    separator = ',\n';
  }
  // A run that judged nothing has an observation that says so: the list may not be empty.
  if (separator === '\n') yield `\n${plainJson(nothingSeen(head))}`;
  yield '\n]';
  separator = ',\n"findings": [\n';
  for (const framework of head.frameworks) {
    for (const requirement of framework.requirements) {
      if (!isSaid(requirement)) continue;
      yield separator + plainJson(oscalFinding(framework, requirement, head, failing));
      separator = ',\n';
    }
  }
  yield separator === ',\n' ? '\n]}\n]}}\n' : '}\n]}}\n';
}

/** Checks that may give another verdict show that a control is not satisfied, and never that it is. */
function isSaid({ status, basis }: RequirementResult): boolean {
  return status === 'FAIL' || (status === 'PASS' && basis === 'same');
}

function selections(frameworks: readonly FrameworkResult[]): object[] {
  const assessed = frameworks
    .map((framework) => ({
      description: text(`${framework.name} ${framework.version}`),
      'include-controls': framework.requirements
        .filter(({ status }) => status !== 'NOT_AUTOMATED')
        .map(({ id }) => ({ 'control-id': token(framework.id, id) })),
    }))
    .filter((selection) => selection['include-controls'].length > 0);
  return assessed.length === 0 ? [{ description: 'No controls were assessed.' }] : assessed;
}

function observation(row: ReportRow, uuid: string): object {
  const { finding, stale, observedAt, firstSeenAt, change } = row;
  const { resource, waiver } = finding;
  return {
    uuid,
    title: text(`${finding.checkId}: ${finding.status}`),
    description: text(finding.reason === '' ? 'The resource is as it should be.' : finding.reason),
    props: [
      prop('status', finding.status),
      prop('severity', finding.severity),
      prop('check-id', finding.checkId),
      prop('account-id', resource.accountId),
      prop('region', resource.region),
      prop('resource-type', resource.type),
      prop('resource-uid', resource.uid),
      prop('first-seen', firstSeenAt),
      ...(change === undefined ? [] : [prop('change', change)]),
      ...(stale === undefined ? [] : [prop('stale', stale)]),
      ...(waiver === undefined ? [] : [prop('waiver-id', waiver.id), prop('waiver-expires', waiver.expiresAt)]),
    ],
    methods: ['TEST'],
    types: ['control-objective'],
    ...(finding.evidence.length === 0
      ? {}
      : { 'relevant-evidence': finding.evidence.map((item) => ({ description: text(visibleEvidence(item)) })) }),
    collected: observedAt,
  };
}

/** What has no row of its own; by AU-10 an observation, and no finding. */
function notJudged({ accountId, checkId, count }: Unjudged, head: ReportHead): object {
  return {
    uuid: uuidOf('observation', head.id, 'unjudged', accountId, checkId),
    title: text(`${checkId}: UNKNOWN`),
    description: text(`${count} could not be judged.`),
    props: [
      prop('status', 'UNKNOWN'),
      prop('check-id', checkId),
      prop('account-id', accountId),
      prop('count', `${count}`),
    ],
    methods: ['TEST'],
    types: ['control-objective'],
    collected: head.startedAt,
  };
}

function nothingSeen(head: ReportHead): object {
  return {
    uuid: uuidOf('observation', head.id, 'nothing'),
    description: 'No resource was judged.',
    methods: ['TEST'],
    collected: head.startedAt,
  };
}

function oscalFinding(
  framework: FrameworkResult,
  requirement: RequirementResult,
  head: ReportHead,
  failing: ReadonlyMap<string, readonly string[]>,
): object {
  const { counts, status, basis, checks, remark } = requirement;
  const failed = failing.get(`${framework.id} ${requirement.id}`) ?? [];
  const relates = basis === 'related' ? ' Judged by related checks, which may give another verdict.' : '';
  return {
    uuid: uuidOf('finding', head.id, framework.id, requirement.id),
    title: text(`${framework.name} ${framework.version} ${requirement.id}`),
    description: text(
      `${requirement.title}. ${counts.PASSED} passed, ${counts.FAILED} failed (${counts.waived} of them accepted), ${counts.UNKNOWN} not judged.${relates}`,
    ),
    props: checks.map((id) => prop('check-id', id)),
    target: {
      type: 'objective-id',
      'target-id': token(framework.id, requirement.id),
      status: {
        state: status === 'PASS' ? 'satisfied' : 'not-satisfied',
        ...(remark === undefined ? {} : { remarks: text(remark) }),
      },
    },
    ...(failed.length === 0 ? {} : { 'related-observations': failed.map((uuid) => ({ 'observation-uuid': uuid })) }),
  };
}

function observationId({ finding }: ReportRow, { id }: ReportHead): string {
  return uuidOf('observation', id, finding.id);
}

/** A token of OSCAL: a letter first, then letters, digits, dots, dashes and underscores. */
function token(framework: string, requirement: string): string {
  return `${framework}_${requirement.replace(/\((\d+)\)/g, '.$1')}`.replace(/[^A-Za-z0-9._-]/g, '-');
}

function prop(name: string, value: string): object {
  return { name, ns: NAMESPACE, value: text(value) };
}

function text(value: string): string {
  const line = cutMiddle(visibleLine(value), MAX_TEXT);
  return line === '' ? '-' : line;
}
