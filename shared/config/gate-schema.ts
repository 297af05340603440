import { z } from 'zod';
import { CLAUSE_OF_CHECK } from '../domain/gate.ts';
import { SEVERITIES } from '../domain/severity.ts';

const threshold = z.enum([...SEVERITIES, 'NEVER']);
const answer = z.enum(['deny', 'allow']);
const patterns = z.array(z.string().min(1)).min(1);

const checkThreshold = z.strictObject({ ids: patterns, denyFrom: threshold }).superRefine(({ ids }, context) => {
  for (const id of ids) {
    const clause = CLAUSE_OF_CHECK[id];
    if (clause === undefined) continue;
    context.addIssue({
      code: 'custom',
      path: ['ids'],
      message: `${id} is decided by gate.${clause} and by no severity`,
    });
  }
});

const vulnerabilityClause = z.strictObject({
  severity: z.enum(SEVERITIES).describe('Vulnerabilities of this severity and above.'),
  fix: z
    .enum(['available', 'any'])
    .default('any')
    .describe('available: not those that are known to have no fix; basic scanning does not say which these are.'),
  exploit: z
    .enum(['known', 'any'])
    .default('any')
    .describe('known: only those of which the scan knows an exploit; basic scanning knows none.'),
  olderThanDays: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(0)
    .describe('Only those that have been public for so long; what has no date counts as old.'),
});

/** What the gate lets through: the same for the command line, deployments and pipelines. */
export const gateSchema = z.strictObject({
  denyFrom: threshold
    .default('CRITICAL')
    .describe('A failed check of an image or task definition denies from this severity on.'),
  checks: z
    .array(checkThreshold)
    .default([])
    .describe('Other thresholds for some checks (`*` stands for any characters): the first that names a check counts.'),
  vulnerabilities: z
    .array(vulnerabilityClause)
    .default([
      { severity: 'CRITICAL', fix: 'available', exploit: 'any', olderThanDays: 0 },
      { severity: 'HIGH', fix: 'available', exploit: 'known', olderThanDays: 0 },
    ])
    .describe('Vulnerabilities that deny: each entry by itself; [] for none.'),
  unscanned: answer.default('deny').describe('Images that were never scanned, or whose scan failed or is out of date.'),
  unsigned: answer.default('allow').describe('Images without a signature.'),
  unpinned: answer.default('allow').describe('Images that are named by a floating tag, or by none.'),
  exceptImages: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Images that are not looked at, by name: sidecars of vendors, for example; `*` stands for any characters.',
    ),
  whenNotLooked: answer
    .default('deny')
    .describe('When the gate could not look: deny is fail-closed, allow is fail-open. Which it was is always said.'),
  waitForScanMinutes: z
    .number()
    .int()
    .min(0)
    .max(1440)
    .default(10)
    .describe('So long the gate waits for a scan that is under way; then the image counts as not scanned.'),
});
