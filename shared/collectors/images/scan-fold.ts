import type {
  DescribeImageScanFindingsCommandOutput,
  EnhancedImageScanFinding,
  ImageScanFinding,
} from '@aws-sdk/client-ecr';
import type { ImageScan, VulnerabilityGroup } from '../../domain/image-scan.ts';
import { compareCodeUnits } from '../../domain/order.ts';

const IDS_KEPT = 10;
/** Basic scans never have these. */
const ENHANCED_STATUSES = new Set(['ACTIVE', 'PENDING', 'SCAN_ELIGIBILITY_EXPIRED']);

/** One vulnerability of either kind of scan. */
export interface ScannedVulnerability {
  readonly id: string;
  readonly severity: string;
  readonly fix: boolean | undefined;
  readonly exploit: boolean | undefined;
  readonly firstSeen: Date | undefined;
  /** When its vendor made it known. */
  readonly published: Date | undefined;
}

class GroupFold {
  #count = 0;
  #fix: boolean | undefined;
  #exploit: boolean | undefined;
  #oldest: number | undefined;
  readonly #ids = new Set<string>();

  add({ id, fix, exploit, firstSeen }: ScannedVulnerability): void {
    this.#count += 1;
    this.#fix = either(this.#fix, fix);
    this.#exploit = either(this.#exploit, exploit);
    const time = firstSeen?.getTime();
    if (time !== undefined && time < (this.#oldest ?? Number.POSITIVE_INFINITY)) this.#oldest = time;
    this.#ids.add(id);
  }

  /** @param counted what the service counts, where its list was shorter */
  group(counted = 0): VulnerabilityGroup {
    return {
      count: Math.max(this.#count, counted),
      fixAvailable: worded(this.#fix),
      exploitKnown: worded(this.#exploit),
      ...(this.#oldest === undefined ? {} : { oldest: new Date(this.#oldest).toISOString() }),
      ids: [...this.#ids].sort(compareCodeUnits).slice(0, IDS_KEPT),
    };
  }
}

/** Folds the pages of one image's results; holds groups, never the findings. */
export class ScanFold {
  #status: string | undefined;
  #isEnhanced = false;
  #hasEnhancedList = false;
  #hasFindings = false;
  #completedAt: Date | undefined;
  #platform: string | undefined;
  /** By the service; basic scans only say here how many there are. */
  #counts: Readonly<Record<string, number>> = {};
  readonly #listed = new Map<string, number>();
  readonly #critical = new GroupFold();
  readonly #high = new GroupFold();
  readonly #exploitable = new GroupFold();

  add({ imageScanStatus, imageScanFindings }: DescribeImageScanFindingsCommandOutput): void {
    this.#status ??= imageScanStatus?.status;
    if (imageScanFindings !== undefined) this.#hasFindings = true;
    this.#completedAt ??= imageScanFindings?.imageScanCompletedAt;
    this.#counts = { ...this.#counts, ...imageScanFindings?.findingSeverityCounts };
    const { findings = [], enhancedFindings } = imageScanFindings ?? {};
    // Enhanced results stand in a list of their own; an empty `findings` says nothing then (T23).
    if (enhancedFindings !== undefined && enhancedFindings.length > 0) this.#hasEnhancedList = true;
    if (enhancedFindings !== undefined && (enhancedFindings.length > 0 || findings.length === 0))
      this.#isEnhanced = true;
    for (const finding of enhancedFindings ?? []) {
      this.#platform ??= finding.resources?.[0]?.details?.awsEcrContainerImage?.platform;
    }
    for (const vulnerability of vulnerabilitiesIn(imageScanFindings)) this.#count(vulnerability);
  }

  scan(): ImageScan {
    const isEnhanced = this.#isEnhanced || ENHANCED_STATUSES.has(this.#status ?? '');
    // Suppressed findings are counted by the service, and not by us; also where all of them are.
    const counts = this.#hasEnhancedList ? Object.fromEntries(this.#listed) : this.#counts;
    const severities = Object.entries(counts).filter(([, count]) => count > 0);
    return {
      // A scan that is over and says nothing of what it found is no clean one.
      status:
        this.#status === 'COMPLETE' && !this.#hasFindings ? 'FINDINGS_UNAVAILABLE' : (this.#status ?? 'NOT_REPORTED'),
      kind: isEnhanced ? 'enhanced' : 'basic',
      ...(this.#completedAt === undefined ? {} : { completedAt: this.#completedAt.toISOString() }),
      severities: Object.fromEntries(severities.sort(([left], [right]) => compareCodeUnits(left, right))),
      critical: this.#critical.group(counts.CRITICAL),
      high: this.#high.group(counts.HIGH),
      exploitable: this.#exploitable.group(),
      ...(this.#platform === undefined ? {} : { platform: this.#platform }),
    };
  }

  #count(vulnerability: ScannedVulnerability): void {
    const { severity, fix, exploit } = vulnerability;
    this.#listed.set(severity, (this.#listed.get(severity) ?? 0) + 1);
    if (severity === 'CRITICAL') this.#critical.add(vulnerability);
    if (severity === 'HIGH') this.#high.add(vulnerability);
    if (fix === true && exploit === true) this.#exploitable.add(vulnerability);
  }
}

/** The vulnerabilities of one page, of either kind of scan; those that somebody suppressed are left out. */
export function vulnerabilitiesIn(
  results: DescribeImageScanFindingsCommandOutput['imageScanFindings'],
): readonly ScannedVulnerability[] {
  const { findings = [], enhancedFindings = [] } = results ?? {};
  const active = enhancedFindings.filter(({ status }) => (status ?? 'ACTIVE') === 'ACTIVE');
  return [...findings.map(ofBasic), ...active.map(ofEnhanced)];
}

function ofBasic({ name, severity }: ImageScanFinding): ScannedVulnerability {
  return {
    id: name ?? 'without an id',
    severity: severity ?? 'UNDEFINED',
    fix: undefined,
    exploit: undefined,
    firstSeen: undefined,
    published: undefined,
  };
}

function ofEnhanced(finding: EnhancedImageScanFinding): ScannedVulnerability {
  const { packageVulnerabilityDetails: details, title, severity, fixAvailable, exploitAvailable } = finding;
  return {
    id: details?.vulnerabilityId ?? title ?? 'without an id',
    severity: severity ?? 'UNTRIAGED',
    // A fix for some of the packages is something to do.
    fix: fixAvailable === undefined ? undefined : fixAvailable === 'YES' || fixAvailable === 'PARTIAL',
    exploit: exploitAvailable === undefined ? undefined : exploitAvailable === 'YES',
    firstSeen: finding.firstObservedAt,
    published: details?.vendorCreatedAt,
  };
}

function either(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  if (one === true || other === true) return true;
  return one ?? other;
}

function worded(value: boolean | undefined): 'yes' | 'no' | 'not said' {
  if (value === undefined) return 'not said';
  return value ? 'yes' : 'no';
}
