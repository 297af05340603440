/** What may stand in evidence and in an inventory file: plain JSON, dates as ISO 8601 strings in UTC. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };
