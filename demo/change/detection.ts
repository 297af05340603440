import type { CoverageResource, Finding } from '@aws-sdk/client-guardduty';
import type { AwsEvent, NewEvent } from '../events.ts';
import { scanned, vulnerability } from '../seed/image-contents.ts';
import { idOf } from '../seed/tidewater.ts';
import { usualContents } from '../world/image-contents.ts';
import type { DetectorState } from '../world/security-state.ts';
import { type ChangePlace, recordCall } from './cloud-trail.ts';

/** A vulnerability of an image, as far as an event tells of it. */
export interface Vulnerability {
  repository: string;
  imageDigest: string;
  id: string;
  severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
  status?: 'ACTIVE' | 'CLOSED';
}

/** What GuardDuty and Inspector find out and tell. */
export class DetectionChanges {
  readonly #place: ChangePlace;

  constructor(place: ChangePlace) {
    this.#place = place;
  }

  /**
   * GuardDuty finds something in an EKS cluster.
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
   */
  finding(type: string, severity: number, eksCluster: string): Finding & { Id: string } {
    const { account, region, now } = this.#place;
    const detector = this.#detector();
    const Id = idOf(`finding ${type} ${eksCluster} ${detector.findings.length}`, 32);
    const found = {
      Id,
      Arn: `arn:aws:guardduty:${region.name}:${account.id}:detector/${detector.id}/finding/${Id}`,
      AccountId: account.id,
      Partition: 'aws',
      Region: region.name,
      SchemaVersion: '2.0',
      Type: type,
      Title: `A container of the EKS cluster ${eksCluster} behaves suspiciously.`,
      Description: `A process in a container of the EKS cluster ${eksCluster} behaved suspiciously.`,
      Severity: severity,
      CreatedAt: now().toISOString(),
      UpdatedAt: now().toISOString(),
      Resource: {
        ResourceType: 'EKSCluster',
        EksClusterDetails: {
          Name: eksCluster,
          Arn: `arn:aws:eks:${region.name}:${account.id}:cluster/${eksCluster}`,
          Status: 'ACTIVE',
          Tags: [],
        },
      },
      Service: {
        Archived: false,
        Count: 1,
        DetectorId: detector.id,
        ServiceName: 'guardduty',
        ResourceRole: 'TARGET',
        EventFirstSeen: now().toISOString(),
        EventLastSeen: now().toISOString(),
      },
    };
    detector.findings.push(found);
    this.#tell('aws.guardduty', 'GuardDuty Finding', [], onTheWire(found) as object);
    return found;
  }

  /** An analyst archives a finding in GuardDuty. */
  archive({ Id }: { Id: string }): AwsEvent {
    const detector = this.#detector();
    const found = detector.findings.find((finding) => finding.Id === Id);
    if (!found) throw new Error(`GuardDuty has no finding ${Id}`);
    found.Service = { ...found.Service, Archived: true };
    return recordCall(this.#place, {
      service: 'guardduty',
      name: 'ArchiveFindings',
      request: { detectorId: detector.id, findingIds: [Id] },
      response: null,
    });
  }

  /**
   * The runtime agent of a cluster stops or starts to report.
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/eks-runtime-monitoring-coverage.html
   */
  coverageBecomes(status: 'HEALTHY' | 'UNHEALTHY', cluster: string, issue?: string): AwsEvent {
    const { account, now } = this.#place;
    const covered = this.#detector().coverage.find((resource) => clusterOf(resource) === cluster);
    if (!covered) throw new Error(`GuardDuty does not know the cluster ${cluster}`);
    const previousStatus = covered.CoverageStatus;
    covered.CoverageStatus = status;
    covered.UpdatedAt = now();
    covered.Issue = issue;
    const {
      EksClusterDetails: eks,
      EcsClusterDetails: ecs,
      ResourceType: resourceType,
    } = covered.ResourceDetails ?? {};
    if (eks) eks.CoveredNodes = status === 'HEALTHY' ? eks.CompatibleNodes : 0;
    if (ecs) ecs.FargateDetails = { ...ecs.FargateDetails, Issues: issue === undefined ? [] : [issue] };
    const detail = {
      schemaVersion: '1.0',
      resourceAccountId: account.id,
      currentStatus: titleCase(status),
      previousStatus: titleCase(previousStatus ?? ''),
      resourceDetails: {
        resourceType,
        ...(eks && {
          eksClusterDetails: {
            clusterName: cluster,
            availableNodes: String(eks.CoveredNodes),
            desiredNodes: String(eks.CompatibleNodes),
            addonVersion: eks.AddonDetails?.AddonVersion,
          },
        }),
        ...(ecs && { ecsClusterDetails: onTheWire(ecs) }),
      },
      issue,
      lastUpdatedAt: now(),
    };
    return this.#tell('aws.guardduty', `GuardDuty Runtime Protection ${titleCase(status)}`, [], detail);
  }

  /**
   * Inspector finds, or no longer finds, a vulnerability in an image: in the results of its scan, and by an event.
   * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
   */
  vulnerability({ repository, imageDigest, id, severity, status = 'ACTIVE' }: Vulnerability): AwsEvent {
    const { account, region, now } = this.#place;
    this.#noteInResults({ repository, imageDigest, id, severity, status });
    const image = `arn:aws:ecr:${region.name}:${account.id}:repository/${repository}/${imageDigest}`;
    const findingId = idOf(`${id} in ${image}`, 32);
    return this.#tell('aws.inspector2', 'Inspector2 Finding', [image], {
      awsAccountId: account.id,
      findingArn: `arn:aws:inspector2:${region.name}:${account.id}:finding/${findingId}`,
      type: 'PACKAGE_VULNERABILITY',
      title: `${id} - openssl`,
      description: `A vulnerability of openssl: ${id}.`,
      severity,
      status,
      firstObservedAt: now(),
      lastObservedAt: now(),
      updatedAt: now(),
      packageVulnerabilityDetails: {
        vulnerabilityId: id,
        source: 'NVD',
        vulnerablePackages: [{ name: 'openssl', version: '3.0.9', arch: 'X86_64', packageManager: 'OS' }],
      },
      remediation: { recommendation: { text: 'None Provided' } },
      resources: [
        {
          id: image,
          type: 'AWS_ECR_CONTAINER_IMAGE',
          partition: 'aws',
          region: region.name,
          details: {
            awsEcrContainerImage: { repositoryName: repository, imageHash: imageDigest, registry: account.id },
          },
        },
      ],
    });
  }

  #noteInResults({ repository, imageDigest, id, severity, status }: Required<Vulnerability>): void {
    const { region, now } = this.#place;
    const state = region.ecr.repositories.find((one) => one.repository.repositoryName === repository);
    const image = state?.images.slice(0, state.images.length).find((one) => one.imageDigest === imageDigest);
    if (!state || !image) throw new Error(`There is no image ${repository}@${imageDigest}`);
    const contents = state.contents?.get(imageDigest) ?? usualContents(image);
    const known = contents.scan?.imageScanFindings?.enhancedFindings ?? [];
    const others = known.filter((one) => one.packageVulnerabilityDetails?.vulnerabilityId !== id);
    const found = status === 'CLOSED' ? [] : [vulnerability(now(), id, severity, { firstObservedAt: now() })];
    state.contents = new Map([
      ...(state.contents ?? []),
      [imageDigest, { ...contents, scan: scanned([...others, ...found]) }],
    ]);
  }

  #detector(): DetectorState {
    const { detector } = this.#place.region.security;
    if (!detector) throw new Error(`GuardDuty is off in ${this.#place.region.name}`);
    return detector;
  }

  #tell(source: string, detailType: string, resources: string[], detail: object): AwsEvent {
    const { account, region, bus } = this.#place;
    const event: NewEvent = {
      'detail-type': detailType,
      source,
      account: account.id,
      region: region.name,
      resources,
      detail,
    };
    return bus.post(event);
  }
}

function clusterOf({ ResourceDetails }: CoverageResource): string | undefined {
  return ResourceDetails?.EksClusterDetails?.ClusterName ?? ResourceDetails?.EcsClusterDetails?.ClusterName;
}

/** `UNHEALTHY` is `Unhealthy` in events. */
function titleCase(text: string): string {
  return text.slice(0, 1) + text.slice(1).toLowerCase();
}

/** GuardDuty's events name the members of its API in lower camel case. */
function onTheWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(onTheWire);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.slice(0, 1).toLowerCase() + name.slice(1), onTheWire(member)]),
  );
}
