import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Inventory } from '../domain/inventory.ts';
import { INVENTORY_SCHEMA } from './format.ts';

/**
 * Writes an inventory as JSON lines, the footer last. Respects back-pressure; does not end the stream.
 *
 * @param toolVersion the version of Hullcheck that read the inventory
 */
export async function writeInventory(inventory: Inventory, toolVersion: string, output: Writable): Promise<void> {
  for (const line of inventoryText(inventory, toolVersion)) {
    if (!output.write(line)) await once(output, 'drain');
  }
}

/** The same as the pieces of a text: a line each. */
export function* inventoryText(inventory: Inventory, toolVersion: string): Generator<string> {
  for (const line of inventoryLines(inventory, toolVersion)) yield `${JSON.stringify(line)}\n`;
}

function* inventoryLines(inventory: Inventory, toolVersion: string): Generator<object> {
  const { startedAt, finishedAt, targets, services, resources, facts, factCompletions, coverage } = inventory;
  yield {
    record: 'header',
    schemaVersion: INVENTORY_SCHEMA,
    tool: { name: 'hullcheck', version: toolVersion },
    startedAt,
    finishedAt,
    targets,
    services,
  };
  for (const resource of resources) yield { record: 'resource', resource };
  for (const fact of facts) yield { record: 'fact', fact };
  for (const completion of factCompletions) yield { record: 'facts-complete', completion };
  for (const entry of coverage) yield { record: 'coverage', coverage: entry };
  yield {
    record: 'footer',
    counts: {
      resources: resources.length,
      facts: facts.length,
      completions: factCompletions.length,
      coverage: coverage.length,
    },
  };
}
