import type { $SchemaRef, SchemaTraits, SchemaTraitsObject, StaticOperationSchema } from '@smithy/types';

/**
 * The demo account answers in the wire format of the installed SDK clients. Each client carries the model of its
 * service as nested tuples; this file turns such a tuple into a shape that is easy to walk, once per tuple.
 */
export interface Member {
  name: string;
  traits: SchemaTraitsObject;
  shape: () => Shape;
}

type TimestampFormat = 'default' | 'date-time' | 'http-date' | 'epoch-seconds';

export type Shape =
  | { kind: 'string' | 'number' | 'boolean' | 'blob' | 'document' | 'unit' }
  | { kind: 'timestamp'; format: TimestampFormat }
  | { kind: 'list'; element: Member }
  | { kind: 'map'; key: Member; value: Member }
  | StructureShape;

export interface StructureShape {
  kind: 'structure';
  name: string;
  members: readonly Member[];
  /** The first so many members are required. */
  required: number;
}

/** Bit positions of the SDK's compact trait numbers. */
const traitBits = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
] as const;

const listModifier = 0b0100_0000;
const mapModifier = 0b1000_0000;

const simpleShapes: Record<number, Shape> = {
  0: { kind: 'string' },
  1: { kind: 'number' },
  2: { kind: 'boolean' },
  4: { kind: 'timestamp', format: 'default' },
  5: { kind: 'timestamp', format: 'date-time' },
  6: { kind: 'timestamp', format: 'http-date' },
  7: { kind: 'timestamp', format: 'epoch-seconds' },
  15: { kind: 'document' },
  17: { kind: 'number' },
  19: { kind: 'number' },
  21: { kind: 'blob' },
  42: { kind: 'blob' },
};

const known = new WeakMap<object, Shape>();

/** The shape behind an SDK schema. Throws on a schema this reader does not know, so that a new SDK is noticed. */
function shapeOf(ref: $SchemaRef): Shape {
  const schema: unknown = typeof ref === 'function' ? ref() : ref;
  if (schema === 'unit') return { kind: 'unit' };
  if (typeof schema === 'number') return numericShape(schema);
  if (!Array.isArray(schema)) throw new Error(`The SDK uses a schema the demo account cannot read: ${String(schema)}`);
  const cached = known.get(schema);
  if (cached) return cached;
  const shape = tupleShape(schema);
  known.set(schema, shape);
  return shape;
}

/** The input and output shapes of an operation, with its name and HTTP binding. */
export function operationShapes(schema: StaticOperationSchema): {
  name: string;
  http: readonly [method: string, path: string, status: number] | undefined;
  input: Shape;
  output: Shape;
} {
  return {
    name: schema[2],
    http: traitsOf(schema[3]).http,
    input: shapeOf(schema[4]),
    output: shapeOf(schema[5]),
  };
}

function numericShape(schema: number): Shape {
  if (schema & mapModifier) {
    return { kind: 'map', key: memberOf('key', 0), value: memberOf('value', (schema & 0b0011_1111) as $SchemaRef) };
  }
  if (schema & listModifier) {
    return { kind: 'list', element: memberOf('member', (schema & 0b0011_1111) as $SchemaRef) };
  }
  const shape = simpleShapes[schema];
  if (!shape) throw new Error(`The SDK uses a simple schema the demo account cannot read: ${schema}`);
  return shape;
}

function tupleShape(schema: unknown[]): Shape {
  switch (schema[0]) {
    case 0:
      return shapeOf(schema[4] as $SchemaRef);
    case 1:
      return { kind: 'list', element: memberOf('member', schema[4] as $SchemaRef) };
    case 2:
      return {
        kind: 'map',
        key: memberOf('key', schema[4] as $SchemaRef),
        value: memberOf('value', schema[5] as $SchemaRef),
      };
    case 3:
    case 4:
    case -3: {
      const names = schema[4] as string[];
      const refs = schema[5] as $SchemaRef[];
      return {
        kind: 'structure',
        name: schema[2] as string,
        members: names.map((name, index) => memberOf(name, refs[index] as $SchemaRef)),
        required: (schema[6] as number | undefined) ?? 0,
      };
    }
    default:
      throw new Error(`The SDK uses a schema the demo account cannot read: ${String(schema[0])}`);
  }
}

/** A member reference is either a schema or a pair of schema and traits. */
function memberOf(name: string, ref: $SchemaRef): Member {
  if (Array.isArray(ref) && (ref as unknown[]).length === 2) {
    const [target, traits] = ref as unknown as [$SchemaRef, SchemaTraits];
    return { name, traits: traitsOf(traits), shape: () => shapeOf(target) };
  }
  return { name, traits: {}, shape: () => shapeOf(ref) };
}

function traitsOf(traits: SchemaTraits): SchemaTraitsObject {
  if (typeof traits === 'object') return traits;
  return Object.fromEntries(traitBits.filter((_, bit) => (traits >> bit) & 1).map((trait) => [trait, 1]));
}
