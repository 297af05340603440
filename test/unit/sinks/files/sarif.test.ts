import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { sarifResult } from '#shared/sinks/files/sarif.ts';
import {
  checkMetadata,
  coverageEntry,
  coverageGap,
  finding,
  resultHeader,
  waiver,
} from '../../../factories/finding.ts';

const header = resultHeader({
  complete: false,
  coverage: [coverageEntry({ status: 'partial', gaps: [coverageGap()] })],
});
const findings = [
  finding(),
  finding({ waiver: waiver() }),
  finding({ source: { file: 'deploy dir/app.yaml', document: 1, line: 12 } }),
  finding({ status: 'PASSED', reason: '' }),
  finding({ status: 'UNKNOWN' }),
];
const sarif = () => JSON.parse([...sarifResult(header, findings, [checkMetadata()])].join(''));

describe('the SARIF result', () => {
  it('lists failures only, because code scanning shows every result as an alert', () => {
    const [run] = sarif().runs;
    expect(run.results).toHaveLength(3);
    expect(run.results[0].locations[0].logicalLocations[0].fullyQualifiedName).toBe(finding().resource.uid);
    expect(run.results[1].suppressions).toHaveLength(1);
    expect(run.results[2].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'deploy%20dir/app.yaml' },
      region: { startLine: 12 },
    });
  });

  it('says that the scan was not complete', () => {
    const [invocation] = sarif().runs[0].invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications[0].message.text).toContain('ecr:GetRepositoryPolicy was denied');
  });

  const schemaFile = join(process.env.HULLCHECK_SCHEMAS ?? '', 'sarif-schema-2.1.0.json');
  const hasSchema = process.env.HULLCHECK_SCHEMAS !== undefined && existsSync(schemaFile);
  it.skipIf(!hasSchema)(
    `is valid SARIF 2.1.0${hasSchema ? '' : ' (skipped: HULLCHECK_SCHEMAS names no folder with sarif-schema-2.1.0.json)'}`,
    () => {
      const { $schema: _draft, id: _oldStyleId, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'));
      const ajv = new Ajv({ strict: false, allErrors: true });
      addFormats.default(ajv);
      const validate = ajv.compile(schema);
      expect(validate(sarif()), JSON.stringify(validate.errors)).toBe(true);
    },
  );
});
