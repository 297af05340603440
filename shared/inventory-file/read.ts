import type { CoverageEntry } from '../domain/coverage.ts';
import type { Fact } from '../domain/fact.ts';
import type { FactCompletion, Inventory } from '../domain/inventory.ts';
import type { Resource } from '../domain/resource.ts';
import { INVENTORY_SCHEMA, type InventoryLine, inventoryLine } from './format.ts';

/** Raised for a file that is no whole inventory; the message says in one sentence what is wrong and where. */
export class InventoryFileError extends Error {
  override readonly name = 'InventoryFileError';
}

/**
 * Reads an inventory back.
 *
 * @param lines the lines of the file, in order
 * @param source the file's name, for messages
 * @throws InventoryFileError if the file was cut off, is of another version, or is no inventory at all
 */
export async function readInventory(lines: AsyncIterable<string>, source: string): Promise<Inventory> {
  let header: Extract<InventoryLine, { record: 'header' }> | undefined;
  let footer: Extract<InventoryLine, { record: 'footer' }> | undefined;
  const resources: Resource[] = [];
  const facts: Fact[] = [];
  const factCompletions: FactCompletion[] = [];
  const coverage: CoverageEntry[] = [];
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    const where = `${source}, line ${number}`;
    const line = parseLine(text, where);
    if (footer !== undefined) throw new InventoryFileError(`${where}: the inventory goes on after its footer.`);
    if (header === undefined && line.record !== 'header') {
      throw new InventoryFileError(`${where}: the first line is not the header of an inventory.`);
    }
    switch (line.record) {
      case 'header':
        if (header !== undefined) throw new InventoryFileError(`${where}: there is a second header.`);
        if (line.schemaVersion !== INVENTORY_SCHEMA) {
          throw new InventoryFileError(
            `${where}: the file is of version ${JSON.stringify(line.schemaVersion)}; this Hullcheck reads ${INVENTORY_SCHEMA}.`,
          );
        }
        header = line;
        break;
      // The base fields were validated; the rest is what our own collectors wrote, and checks are total over it.
      case 'resource':
        resources.push(line.resource as unknown as Resource);
        break;
      case 'fact':
        facts.push(line.fact as unknown as Fact);
        break;
      case 'facts-complete':
        factCompletions.push(line.completion as FactCompletion);
        break;
      case 'coverage':
        coverage.push(line.coverage as CoverageEntry);
        break;
      case 'footer':
        footer = line;
        break;
    }
  }
  if (header === undefined) throw new InventoryFileError(`${source}: the file is empty.`);
  const counts = {
    resources: resources.length,
    facts: facts.length,
    completions: factCompletions.length,
    coverage: coverage.length,
  };
  if (footer === undefined) {
    throw new InventoryFileError(`${source}: the inventory was cut off after line ${number}; it has no footer.`);
  }
  for (const [name, count] of Object.entries(counts)) {
    const expected = footer.counts[name as keyof typeof counts];
    if (count !== expected) {
      throw new InventoryFileError(`${source}: the footer counts ${expected} ${name}, the file holds ${count}.`);
    }
  }
  const { startedAt, finishedAt, targets, services } = header;
  return { startedAt, finishedAt, targets, services, resources, facts, factCompletions, coverage };
}

function parseLine(text: string, where: string): InventoryLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InventoryFileError(`${where}: the line is not JSON; the file was cut off or is no inventory.`);
  }
  const parsed = inventoryLine.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InventoryFileError(
    `${where}: not a line of an inventory (${issue?.path.join('.') || 'record'}: ${issue?.message}).`,
  );
}
