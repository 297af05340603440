import { type EmulatedPlace, type EmulatedService, type Emulators, emulatedServices } from './emulators.ts';
import { element, escapeXml } from './protocols/xml-shapes.ts';
import type { Service } from './service.ts';
import type { ServiceError } from './service-error.ts';
import { Wire, type WireAnswer, type WireRequest } from './wire.ts';

/** The operations of S3 whose requests do not say their own name, by method and what the path names. */
const bucketOperations: Record<string, string> = {
  'PUT bucket': 'CreateBucket',
  'HEAD bucket': 'HeadBucket',
  'GET bucket': 'ListObjectsV2',
  'DELETE bucket': 'DeleteBucket',
  'POST bucket': 'DeleteObjects',
  'HEAD object': 'HeadObject',
  'GET object': 'GetObject',
  'PUT object': 'PutObject',
  'DELETE object': 'DeleteObject',
};

/** A service that an emulator answers: named, refused and recorded like the demo account's own. */
export class EmulatedWire {
  readonly service: Service;
  readonly #name: EmulatedService;
  readonly #emulators: Emulators;

  constructor(name: EmulatedService, emulators: Emulators) {
    this.#name = name;
    this.#emulators = emulators;
    this.service = {
      signingName: name,
      // S3 names its errors as the query protocol does.
      protocol: name === 's3' ? 'query' : 'json',
      invalidInputCode: 'ValidationException',
      throttleCode: { dynamodb: 'ProvisionedThroughputExceededException', sqs: 'RequestThrottled', s3: 'SlowDown' }[
        name
      ],
      operations: [],
    };
  }

  /** The operation a request asks for. */
  asked({ method, path, query, headers }: WireRequest): { name: string } {
    if (this.#name !== 's3')
      return {
        name:
          String(headers['x-amz-target'] ?? '')
            .split('.')
            .at(-1) ?? '',
      };
    const target = /^\/[^/]+\/./.test(path) ? 'object' : 'bucket';
    return { name: query.get('x-id') ?? bucketOperations[`${method} ${target}`] ?? `${method} ${path}` };
  }

  /** What a request is about, for faults that look at it. */
  input({ path, body }: WireRequest): Record<string, unknown> {
    if (this.#name !== 's3') return JSON.parse(body) as Record<string, unknown>;
    const [, Bucket, ...key] = path.split('/').map(decodeURIComponent);
    return { Bucket, Key: key.join('/') };
  }

  answer(request: WireRequest, place: EmulatedPlace): Promise<WireAnswer> {
    return this.#emulators.forward(this.#name, request, place);
  }

  /** A refusal in the protocol of the service; S3 alone speaks XML over REST. */
  refusal(error: ServiceError): WireAnswer {
    if (this.#name !== 's3') return new Wire(this.service).refusal(error);
    const content = element('Code', error.code) + element('Message', escapeXml(error.message));
    return {
      status: error.code === 'SlowDown' ? 503 : error.status,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', content)}`,
    };
  }
}

/** Wires for all emulated services. */
export function emulatedWires(emulators: Emulators): [string, EmulatedWire][] {
  return emulatedServices.map((name) => [name, new EmulatedWire(name, emulators)]);
}
