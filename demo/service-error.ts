/** An answer that refuses: an error code, a sentence and an HTTP status, in whatever wire format the service speaks. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Members of the error shape besides the message, as they go over the wire. */
  readonly fields: Record<string, unknown>;

  constructor(code: string, message: string, status = 400, fields: Record<string, unknown> = {}) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}
