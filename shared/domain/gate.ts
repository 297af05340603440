import type { Finding, WaiverReference } from './finding.ts';
import type { Observed } from './observed.ts';
import type { ResourceReference } from './resource.ts';
import type { Severity } from './severity.ts';
import type { Evidence } from './verdict.ts';

/** From which severity on a failed check denies; NEVER: whatever its severity. */
export type GateThreshold = Severity | 'NEVER';

/** Vulnerabilities that deny: all that is asked must hold. */
export interface VulnerabilityClause {
  /** So severe or more. */
  readonly severity: Severity;
  /** `available`: only where none is known not to be there, as basic scanning says nothing about it. */
  readonly fix: 'available' | 'any';
  /** `known`: only where the scan says that there is one. */
  readonly exploit: 'known' | 'any';
  /** Known to the public for so many days; what has no date is old enough. */
  readonly olderThanDays: number;
}

/** Checks that clauses of their own decide about, so that no severity does as well. */
export const CLAUSE_OF_CHECK: Readonly<Record<string, keyof GatePolicy>> = {
  'image-scanned': 'unscanned',
  'image-no-critical-vulnerabilities': 'vulnerabilities',
  'image-no-exploitable-vulnerabilities': 'vulnerabilities',
  'image-no-high-vulnerabilities': 'vulnerabilities',
  'image-signed': 'unsigned',
  'ecs-task-image-pinned': 'unpinned',
};

/** What may be deployed. */
export interface GatePolicy {
  readonly denyFrom: GateThreshold;
  /** Other thresholds for some checks: the first that names a check counts. */
  readonly checks: readonly { readonly ids: readonly string[]; readonly denyFrom: GateThreshold }[];
  readonly vulnerabilities: readonly VulnerabilityClause[];
  readonly unscanned: 'deny' | 'allow';
  readonly unsigned: 'deny' | 'allow';
  readonly unpinned: 'deny' | 'allow';
  /** Names of images that are not looked at; `*` stands for anything. */
  readonly exceptImages: readonly string[];
  /** `deny` is fail-closed, `allow` is fail-open. */
  readonly whenNotLooked: 'deny' | 'allow';
  readonly waitForScanMinutes: number;
}

/** One vulnerability as far as a policy asks. */
export interface Vulnerability {
  readonly id: string;
  /** Also UNDEFINED (basic) and UNTRIAGED (enhanced). */
  readonly severity: string;
  /** Undefined where the scan does not say. */
  readonly fix: boolean | undefined;
  readonly exploit: boolean | undefined;
  /** When it became known to the public, else when it was first seen here; ISO 8601, UTC. */
  readonly since?: string;
}

/** What the gate saw of one image of one platform. */
export interface GateImage {
  /** Null where it was never scanned. */
  readonly scanStatus: Observed<string | null>;
  readonly vulnerabilities: Observed<readonly Vulnerability[]>;
  readonly signed: Observed<boolean>;
}

/** One image or task definition that is about to be deployed, and what was seen of it. */
export interface GateLook {
  readonly kind: 'image' | 'task-definition';
  /** As it was asked for. */
  readonly name: string;
  /** `sha256:…`, once it is known. */
  readonly digest?: string;
  /** Of an image: where waivers look for it. */
  readonly resource?: ResourceReference;
  /** ISO 8601, UTC. */
  readonly pushedAt?: string;
  /** Verdicts of the checks. */
  readonly findings: readonly Finding[];
  readonly images: readonly GateImage[];
  /** Why nothing, or not all, could be seen of it; a clause without a full stop each. */
  readonly notLooked: readonly string[];
  /** Why something could not be looked into on which verdicts depend: it counts where such a verdict could deny. */
  readonly unread: readonly string[];
  /** True where the policy says not to look. */
  readonly excepted?: boolean;
}

/** One thing that speaks against a deployment. */
export interface GateObjection {
  readonly clause: 'checks' | 'vulnerabilities' | 'unscanned' | 'unsigned' | 'unpinned';
  readonly subject: string;
  /** Follows the name of the subject: "has 2 CRITICAL vulnerabilities …". */
  readonly says: string;
  /** The check that a waiver has to name. */
  readonly checkId: string;
  readonly resource: ResourceReference;
  readonly severity: Severity;
  readonly evidence: readonly Evidence[];
  readonly waiver?: WaiverReference;
}

/** `wait`: ask again, because a scan is under way. */
export type GateDecision = 'allow' | 'deny' | 'wait';

export interface GateJudgement {
  readonly decision: GateDecision;
  /** One sentence for people, or two. */
  readonly says: string;
  readonly objections: readonly GateObjection[];
  /** Objections that waivers accept. */
  readonly waived: readonly GateObjection[];
  /** What could not be looked at, one sentence each. */
  readonly notLooked: readonly string[];
  /** Images whose scan is under way. */
  readonly pending: readonly string[];
  /** What nobody can tell, and what the policy leaves out. */
  readonly remarks: readonly string[];
}

/** What was asked, what was seen and what was answered: the evidence of a decision. */
export interface GateRecord extends GateJudgement {
  readonly version: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who asked: `hullcheck gate`, a deployment, a job. */
  readonly requestedBy: string;
  readonly subjects: readonly { readonly kind: GateLook['kind']; readonly name: string; readonly digest?: string }[];
  readonly policy: GatePolicy;
  /** What the gate is about, where somebody deploys: a service, a pipeline. */
  readonly target?: string;
}
