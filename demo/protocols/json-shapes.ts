import type { Member, Shape } from './shape.ts';

/**
 * JSON bodies of the awsJson and restJson protocols: timestamps travel as epoch seconds unless the member says
 * otherwise, blobs as base64.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#shape-serialization
 */
function toJson(shape: Shape, value: unknown, useJsonNames: boolean): unknown {
  switch (shape.kind) {
    case 'timestamp': {
      const date = value as Date;
      if (shape.format === 'date-time') return isoSeconds(date);
      if (shape.format === 'http-date') return date.toUTCString();
      return date.getTime() / 1000;
    }
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'list': {
      const element = shape.element.shape();
      return (value as unknown[]).map((item) => toJson(element, item, useJsonNames));
    }
    case 'map': {
      const element = shape.value.shape();
      return Object.fromEntries(
        Object.entries(value as Record<string, unknown>).map(([key, item]) => [
          key,
          toJson(element, item, useJsonNames),
        ]),
      );
    }
    case 'structure':
      return membersToJson(shape.members, value as Record<string, unknown>, useJsonNames);
    default:
      return value;
  }
}

/** The given members of a structure as one JSON object; absent members stay absent. */
export function membersToJson(
  members: readonly Member[],
  value: Record<string, unknown>,
  useJsonNames: boolean,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const member of members) {
    const item = value[member.name];
    if (item === undefined || item === null) continue;
    out[jsonName(member, useJsonNames)] = toJson(member.shape(), item, useJsonNames);
  }
  return out;
}

/** Reads a JSON value into what an operation expects: dates as `Date`, blobs as `Uint8Array`. */
export function fromJson(shape: Shape, value: unknown, useJsonNames: boolean): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'timestamp':
      return typeof value === 'number' ? new Date(value * 1000) : new Date(String(value));
    case 'blob':
      return Buffer.from(String(value), 'base64');
    case 'list': {
      const element = shape.element.shape();
      return (value as unknown[]).map((item) => fromJson(element, item, useJsonNames));
    }
    case 'map': {
      const element = shape.value.shape();
      return Object.fromEntries(
        Object.entries(value as Record<string, unknown>).map(([key, item]) => [
          key,
          fromJson(element, item, useJsonNames),
        ]),
      );
    }
    case 'structure':
      return membersFromJson(shape.members, value as Record<string, unknown>, useJsonNames);
    default:
      return value;
  }
}

/** The given members read from one JSON object. */
export function membersFromJson(
  members: readonly Member[],
  value: Record<string, unknown>,
  useJsonNames: boolean,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const member of members) {
    const item = fromJson(member.shape(), value[jsonName(member, useJsonNames)], useJsonNames);
    if (item !== undefined) out[member.name] = item;
  }
  return out;
}

/** ISO 8601 without the milliseconds where there are none, as AWS writes it. */
export function isoSeconds(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}

function jsonName(member: Member, useJsonNames: boolean): string {
  return useJsonNames ? (member.traits.jsonName ?? member.name) : member.name;
}
