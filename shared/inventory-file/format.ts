import { z } from 'zod';

/**
 * The inventory file, `inventory.v1`: one JSON document a line. A header, then resources, facts, completions and
 * coverage in any order, then a footer with the counts. A file without a footer was cut off; a file of another major
 * version is refused. It holds what was read and nothing that was judged, so replaying it gives the live verdicts.
 */
export const INVENTORY_SCHEMA = 'inventory.v1';

const accountId = z.string().regex(/^\d{12}$/);
const isoTime = z.iso.datetime();

export const headerLine = z.object({
  record: z.literal('header'),
  schemaVersion: z.string(),
  tool: z.object({ name: z.literal('hullcheck'), version: z.string() }),
  startedAt: isoTime,
  finishedAt: isoTime,
  targets: z.array(z.object({ accountId, region: z.string().min(1), partition: z.string().min(1) })),
  services: z.array(z.string()),
});

const resourceLine = z.object({
  record: z.literal('resource'),
  resource: z.looseObject({
    type: z.string().min(1),
    uid: z.string().min(1),
    name: z.string(),
    accountId,
    region: z.string().min(1),
    partition: z.string().min(1),
    inUse: z.enum(['yes', 'no', 'unknown']),
  }),
});

const factLine = z.object({
  record: z.literal('fact'),
  fact: z.looseObject({ kind: z.string(), key: z.string(), accountId, region: z.string(), observedAt: isoTime }),
});

const completionLine = z.object({
  record: z.literal('facts-complete'),
  completion: z.object({ kind: z.string(), accountId, region: z.string(), service: z.string() }),
});

const gap = z.object({
  accountId,
  region: z.string(),
  service: z.string(),
  cluster: z.string().optional(),
  operation: z.string(),
  cause: z.string(),
  reason: z.string(),
  missingPermission: z.string().optional(),
  resource: z.string().optional(),
  count: z.number().int().positive(),
});

const coverageLine = z.object({
  record: z.literal('coverage'),
  coverage: z.object({
    accountId,
    region: z.string(),
    service: z.string(),
    cluster: z.string().optional(),
    status: z.enum(['scanned', 'partial', 'failed', 'excluded']),
    reason: z.string().optional(),
    gaps: z.array(gap),
  }),
});

export const footerLine = z.object({
  record: z.literal('footer'),
  counts: z.object({
    resources: z.number().int().nonnegative(),
    facts: z.number().int().nonnegative(),
    completions: z.number().int().nonnegative(),
    coverage: z.number().int().nonnegative(),
  }),
});

export const inventoryLine = z.discriminatedUnion('record', [
  headerLine,
  resourceLine,
  factLine,
  completionLine,
  coverageLine,
  footerLine,
]);

export type InventoryLine = z.infer<typeof inventoryLine>;
