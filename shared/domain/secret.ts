/** How sure a detector is: `name` = only the variable's name suggests a secret, `value` = the value looks like one. */
export type SecretConfidence = 'value' | 'name';

export interface SecretDetection {
  /** The detector's id, for example `aws-access-key-id`. */
  readonly detector: string;
  readonly confidence: SecretConfidence;
}

/**
 * What is kept of a text that may hold a secret. The text stops at the collector: inventories, findings, logs and
 * reports can only ever hold this.
 */
export interface ClassifiedText {
  readonly detections: readonly SecretDetection[];
  readonly length: number;
  /** HMAC-SHA-256 under the scan's key, 16 hex characters: tells equal from different within one deployment. */
  readonly keyedHash: string;
}
