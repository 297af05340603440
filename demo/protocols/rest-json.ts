import { fromJson, membersFromJson, membersToJson } from './json-shapes.ts';
import type { Member, Shape, StructureShape } from './shape.ts';

/** The part of a REST request that an operation's input is read from. */
export interface RestRequest {
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Decides whether a request's path is the one of an operation, and what its labels hold. */
export type Route = (method: string, path: string) => Record<string, string> | undefined;

/** Compiles `["GET", "/clusters/{name}"]` into a matcher; `{name+}` also takes slashes. */
export function routeOf(method: string, template: string): Route {
  const names: string[] = [];
  const pattern = template
    .split('?')[0]
    ?.split('/')
    .map((segment) => {
      const label = /^\{([^}+]+)(\+?)\}$/.exec(segment);
      if (!label) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(label[1] as string);
      return label[2] ? '(.+)' : '([^/]+)';
    })
    .join('/');
  const expression = new RegExp(`^${pattern}/?$`);
  return (actualMethod, path) => {
    if (actualMethod !== method) return undefined;
    const match = expression.exec(path);
    if (!match) return undefined;
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] as string)]));
  };
}

/**
 * Reads an operation's input from path labels, query string, headers and JSON body.
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export function fromRest(
  shape: StructureShape,
  labels: Record<string, string>,
  request: RestRequest,
): Record<string, unknown> {
  const body: unknown = request.body === '' ? {} : JSON.parse(request.body);
  const inBody = shape.members.filter((member) => !isBound(member));
  const out = membersFromJson(inBody, body as Record<string, unknown>, true);
  for (const member of shape.members) {
    const bound = boundValue(member, labels, request, body);
    if (bound !== undefined) out[member.name] = bound;
  }
  return out;
}

/** The JSON body of an answer; members bound to headers or the status do not occur in the services served here. */
export function toRestBody(shape: StructureShape, value: Record<string, unknown>): string {
  const payload = shape.members.find((member) => member.traits.httpPayload);
  if (payload) {
    const inner = payload.shape();
    if (inner.kind !== 'structure') return '{}';
    return JSON.stringify(membersToJson(inner.members, (value[payload.name] ?? {}) as Record<string, unknown>, true));
  }
  return JSON.stringify(membersToJson(shape.members, value, true));
}

function isBound(member: Member): boolean {
  const { httpLabel, httpQuery, httpHeader, httpPayload, httpQueryParams } = member.traits;
  return Boolean(httpLabel ?? httpQuery ?? httpHeader ?? httpPayload ?? httpQueryParams);
}

function boundValue(member: Member, labels: Record<string, string>, request: RestRequest, body: unknown): unknown {
  const { httpLabel, httpQuery, httpHeader, httpPayload } = member.traits;
  const shape = member.shape();
  if (httpLabel) return fromText(shape, labels[member.name]);
  if (httpPayload) return fromJson(shape, body, true);
  if (httpHeader) return fromText(shape, String(request.headers[httpHeader.toLowerCase()] ?? '') || undefined);
  if (!httpQuery) return undefined;
  if (shape.kind === 'list') {
    const element = shape.element.shape();
    const all = request.query.getAll(httpQuery);
    return all.length === 0 ? undefined : all.map((text) => fromText(element, text));
  }
  return fromText(shape, request.query.get(httpQuery) ?? undefined);
}

function fromText(shape: Shape, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (shape.kind === 'number') return Number(text);
  if (shape.kind === 'boolean') return text === 'true';
  if (shape.kind === 'timestamp') return new Date(text);
  return text;
}
