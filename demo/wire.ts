import { randomUUID } from 'node:crypto';
import { fromForm } from './protocols/form-shapes.ts';
import { membersFromJson, membersToJson } from './protocols/json-shapes.ts';
import { fromRest, type RestRequest, type Route, routeOf, toRestBody } from './protocols/rest-json.ts';
import { operationShapes, type Shape, type StructureShape } from './protocols/shape.ts';
import { element, escapeXml, membersToXml } from './protocols/xml-shapes.ts';
import type { Operation, Service } from './service.ts';
import type { ServiceError } from './service-error.ts';

/** An HTTP request, read whole. */
export interface WireRequest extends RestRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  /** The body byte for byte. */
  raw: Buffer;
}

/** An HTTP answer, before it is written. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

interface Endpoint {
  name: string;
  operation: Operation;
  input: Shape;
  output: Shape;
  route: Route;
}

/** What a request asks for: an operation the service has, or the name of one it does not have. */
export type Asked = { name: string; endpoint: Endpoint; labels: Record<string, string> } | { name: string };

/** Translates between HTTP and the operations of one service, in the protocol its SDK client speaks. */
export class Wire {
  readonly service: Service;
  readonly #endpoints: Map<string, Endpoint>;

  constructor(service: Service) {
    this.service = service;
    this.#endpoints = new Map(
      service.operations.map((operation) => {
        const { name, http, input, output } = operationShapes(operation.schema);
        const route: Route = http ? routeOf(http[0], http[1]) : () => undefined;
        return [name, { name, operation, input, output, route }];
      }),
    );
  }

  /** The operation a request asks for. */
  asked(request: WireRequest): Asked {
    if (this.service.protocol === 'rest-json') {
      for (const endpoint of this.#endpoints.values()) {
        const labels = endpoint.route(request.method, request.path);
        if (labels) return { name: endpoint.name, endpoint, labels };
      }
      return { name: `${request.method} ${request.path}` };
    }
    const name =
      this.service.protocol === 'json'
        ? (String(request.headers['x-amz-target'] ?? '')
            .split('.')
            .at(-1) ?? '')
        : (new URLSearchParams(request.body).get('Action') ?? '');
    const endpoint = this.#endpoints.get(name);
    return endpoint ? { name, endpoint, labels: {} } : { name };
  }

  /** The operation's input. Throws a SyntaxError when the body is not what the protocol says. */
  input(asked: Extract<Asked, { endpoint: Endpoint }>, request: WireRequest): Record<string, unknown> {
    const shape = structureOf(asked.endpoint.input);
    switch (this.service.protocol) {
      case 'rest-json':
        return fromRest(shape, asked.labels, request);
      case 'json': {
        const body = JSON.parse(request.body === '' ? '{}' : request.body) as Record<string, unknown>;
        return membersFromJson(shape.members, body, false);
      }
      case 'query':
      case 'ec2':
        return fromForm(shape, new URLSearchParams(request.body), this.service.protocol) as Record<string, unknown>;
    }
  }

  /** A successful answer. */
  answer(endpoint: Endpoint, output: unknown): WireAnswer {
    const requestId = randomUUID();
    const shape = structureOf(endpoint.output);
    const value = (output ?? {}) as Record<string, unknown>;
    const namespace = this.service.xmlNamespace ?? '';
    switch (this.service.protocol) {
      case 'json':
        return json(
          200,
          'application/x-amz-json-1.1',
          requestId,
          JSON.stringify(membersToJson(shape.members, value, false)),
        );
      case 'rest-json':
        return json(200, 'application/json', requestId, toRestBody(shape, value));
      case 'query': {
        const result = element(`${endpoint.name}Result`, membersToXml(shape.members, value));
        const metadata = element('ResponseMetadata', element('RequestId', requestId));
        return xml(
          200,
          requestId,
          `<${endpoint.name}Response xmlns="${namespace}">${result}${metadata}</${endpoint.name}Response>`,
        );
      }
      case 'ec2': {
        const content = element('requestId', requestId) + membersToXml(shape.members, value);
        return xml(
          200,
          requestId,
          `<${endpoint.name}Response xmlns="${namespace}">${content}</${endpoint.name}Response>`,
        );
      }
    }
  }

  /** A refusal. */
  refusal(error: ServiceError): WireAnswer {
    const requestId = randomUUID();
    const message = escapeXml(error.message);
    switch (this.service.protocol) {
      case 'json': {
        const body = JSON.stringify({ __type: error.code, message: error.message, ...error.fields });
        return json(error.status, 'application/x-amz-json-1.1', requestId, body);
      }
      case 'rest-json': {
        const answer = json(
          error.status,
          'application/json',
          requestId,
          JSON.stringify({ message: error.message, ...error.fields }),
        );
        answer.headers['x-amzn-ErrorType'] = error.code;
        return answer;
      }
      case 'query': {
        const type = error.status < 500 ? 'Sender' : 'Receiver';
        const details = element('Type', type) + element('Code', error.code) + element('Message', message);
        const content = element('Error', details) + element('RequestId', requestId);
        return xml(
          error.status,
          requestId,
          `<ErrorResponse xmlns="${this.service.xmlNamespace ?? ''}">${content}</ErrorResponse>`,
        );
      }
      case 'ec2': {
        const details = element('Code', error.code) + element('Message', message);
        const content = element('Errors', element('Error', details)) + element('RequestID', requestId);
        return xml(error.status, requestId, `<Response>${content}</Response>`);
      }
    }
  }
}

function structureOf(shape: Shape): StructureShape {
  return shape.kind === 'structure' ? shape : { kind: 'structure', name: 'Unit', members: [], required: 0 };
}

function json(status: number, contentType: string, requestId: string, body: string): WireAnswer {
  return { status, headers: { 'content-type': contentType, 'x-amzn-RequestId': requestId }, body };
}

function xml(status: number, requestId: string, body: string): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-RequestId': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}
