import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { jsonResult } from '#shared/sinks/files/json.ts';
import { writeChunks } from '#shared/sinks/files/write-chunks.ts';
import {
  coverageEntry,
  coverageGap,
  finding,
  resultHeader,
  taskDefinitionReference,
  waiver,
} from '../../../factories/finding.ts';

const schema = JSON.parse(readFileSync(new URL('../../../../docs/schema/result.v1.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const header = resultHeader({
  complete: false,
  coverage: [
    coverageEntry(),
    coverageEntry({ service: 'ecr', status: 'partial', gaps: [coverageGap(), coverageGap({ count: 3 })] }),
    coverageEntry({ service: 'kubernetes', cluster: 'shop', status: 'excluded', reason: 'switched off' }),
  ],
});

function parsed(...args: Parameters<typeof jsonResult>) {
  return JSON.parse([...jsonResult(...args)].join(''));
}

describe('the JSON result', () => {
  it('is valid against the shipped schema with every optional key set', () => {
    const everything = finding({
      severityReason: 'not in use',
      waiver: waiver(),
      source: { file: 'deploy.yaml', document: 0, line: 3 },
      resource: taskDefinitionReference({ cluster: 'shop', namespace: 'default' }),
    });
    const result = parsed(header, [finding(), everything]);
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(Object.keys(result.findings[1])).toEqual([
      'id',
      'checkId',
      'status',
      'severity',
      'severityReason',
      'resource',
      'inUse',
      'reason',
      'evidence',
      'waiver',
      'source',
    ]);
    expect(Object.keys(result.findings[1].resource)).toEqual([
      'uid',
      'type',
      'name',
      'accountId',
      'region',
      'cluster',
      'namespace',
    ]);
  });

  it('has its keys in the order of the contract, findings last', () => {
    expect(Object.keys(parsed(header, []))).toEqual([
      'schemaVersion',
      'tool',
      'startedAt',
      'finishedAt',
      'complete',
      'coverage',
      'summary',
      'findings',
    ]);
  });

  it('says a gap that happened on many resources is on many', () => {
    expect(parsed(header, []).coverage[1].gaps.map((gap: { count?: number }) => gap.count)).toEqual([undefined, 3]);
  });

  it('is refused by its schema when a status is invented', () => {
    const result = parsed(header, [finding()]);
    result.findings[0].status = 'MUTED';
    expect(validate(result)).toBe(false);
  });

  it('is byte for byte the same for the same world', () => {
    expect([...jsonResult(header, [finding()])].join('')).toBe([...jsonResult(header, [finding()])].join(''));
  });

  it('waits for a slow reader and never holds the findings whole', async () => {
    let [made, drained, mostAhead] = [0, 0, 0];
    function* many() {
      for (; made < 5000; made += 1) yield finding({ id: `finding-${made}` });
    }
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        drained += chunk.toString().split('"checkId"').length - 1;
        mostAhead = Math.max(mostAhead, made - drained);
        setImmediate(done);
      },
    });
    await writeChunks(jsonResult(header, many()), slow, true);
    expect(drained).toBe(5000);
    expect(mostAhead).toBeLessThan(1000);
  });

  it('reports a stream that breaks', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
    await expect(writeChunks(jsonResult(header, [finding()]), broken, true)).rejects.toThrow('disk full');
  });
});
