/** A message for another function. */
export interface OutgoingMessage {
  /** Plain JSON. */
  readonly body: unknown;
  /** At most 900. */
  readonly delaySeconds?: number;
}

/** Hands messages to another function: at least once, in any order. */
export interface MessageQueue {
  send(messages: readonly OutgoingMessage[]): Promise<void>;
}
