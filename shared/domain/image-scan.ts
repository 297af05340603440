/** The vulnerabilities of one kind in one image: what a person decides by, without counts that drift every day. */
export interface VulnerabilityGroup {
  readonly count: number;
  /** Whether some of them have a fix; basic scanning does not say. */
  readonly fixAvailable: 'yes' | 'no' | 'not said';
  /** Whether an exploit of some of them is known; basic scanning does not say. */
  readonly exploitKnown: 'yes' | 'no' | 'not said';
  /** When the oldest was first seen in the image; ISO 8601, UTC. */
  readonly oldest?: string;
  /** Their ids, the first ten in order. */
  readonly ids: readonly string[];
}

/** The last scan of one image. */
export interface ImageScan {
  /** COMPLETE, ACTIVE, PENDING, IN_PROGRESS, FAILED, UNSUPPORTED_IMAGE, SCAN_ELIGIBILITY_EXPIRED …; values AWS adds stay. */
  readonly status: string;
  readonly kind: 'basic' | 'enhanced';
  /** When a basic scan ended; enhanced ones go on. ISO 8601, UTC. */
  readonly completedAt?: string;
  /** Findings by severity: also UNDEFINED (basic) and UNTRIAGED (enhanced). */
  readonly severities: Readonly<Record<string, number>>;
  readonly critical: VulnerabilityGroup;
  readonly high: VulnerabilityGroup;
  /** With a known exploit and a fix. */
  readonly exploitable: VulnerabilityGroup;
  /** The distribution of the image, as Inspector names it: `ALPINE_LINUX_3_19`. Only where something was found. */
  readonly platform?: string;
}
