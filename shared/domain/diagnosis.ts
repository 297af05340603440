/** What `doctor` looks at, in the order in which one thing needs the other. */
export const DIAGNOSIS_GROUPS = [
  'configuration',
  'credentials',
  'accounts',
  'regions',
  'permissions',
  'security-hub',
  'alerts',
  'ledger',
  'clusters',
  'image-pulls',
] as const;
export type DiagnosisGroup = (typeof DIAGNOSIS_GROUPS)[number];

/**
 * `problem` a scan as it is asked for does not work, or not wholly · `warning` something is left out, or worth knowing ·
 * `unknown` could not be looked at · `skipped` there was no reason to look, or something else has to be mended first.
 */
export const PROBE_STATUSES = ['problem', 'unknown', 'warning', 'skipped', 'ok'] as const;
export type ProbeStatus = (typeof PROBE_STATUSES)[number];

/** A statement of an IAM policy. */
export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Principal?: { readonly AWS: string };
  readonly Action: string;
  readonly Resource?: string | readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> };
}

/** How something is mended, exactly. */
export interface Fix {
  /** One sentence. */
  readonly text: string;
  /** A command of the AWS CLI. */
  readonly command?: string;
  readonly policy?: PolicyStatement;
}

/** One thing that was looked at. */
export interface ProbeResult {
  readonly group: DiagnosisGroup;
  readonly status: ProbeStatus;
  /** An IAM action, a region, a cluster, a topic, a file. */
  readonly subject: string;
  readonly accountId?: string;
  readonly region?: string;
  /** One sentence. */
  readonly message: string;
  readonly fix?: Fix;
}

export interface Diagnosis {
  readonly counts: Readonly<Record<ProbeStatus, number>>;
  readonly results: readonly ProbeResult[];
}

/** Counts results and puts them in order: by group, in each group in the order in which they were found. */
export function diagnosisOf(results: readonly ProbeResult[]): Diagnosis {
  const count = (status: ProbeStatus) => results.filter((result) => result.status === status).length;
  return {
    counts: {
      problem: count('problem'),
      unknown: count('unknown'),
      warning: count('warning'),
      skipped: count('skipped'),
      ok: count('ok'),
    },
    results: DIAGNOSIS_GROUPS.flatMap((group) => results.filter((result) => result.group === group)),
  };
}
