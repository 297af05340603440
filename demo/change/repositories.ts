import type { ImageDetail } from '@aws-sdk/client-ecr';
import type { AwsEvent } from '../events.ts';
import { release } from '../seed/images.ts';
import { publicPolicy } from '../seed/policies.ts';
import { digestOf } from '../seed/tidewater.ts';
import type { RepositoryState } from '../world/ecr-state.ts';
import { type ChangePlace, recordCall } from './cloud-trail.ts';

/** How many vulnerabilities of which severity a scan has found. */
export type SeverityCounts = Partial<Record<'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW', number>>;

/** Changes to repositories, and what is pushed into them. */
export class RepositoryChanges {
  readonly #place: ChangePlace;
  #pushes = 0;

  constructor(place: ChangePlace) {
    this.#place = place;
  }

  /** Anyone may pull from the repository. */
  makePublic(name: string): AwsEvent {
    return this.setPolicy(name, publicPolicy);
  }

  setPolicy(name: string, policyText: string): AwsEvent {
    const found = this.#find(name);
    found.policy = policyText;
    return this.#record('SetRepositoryPolicy', found, { policyText, force: false }, { policyText });
  }

  /** Takes the policy away: only the account itself reaches the repository. */
  deletePolicy(name: string): AwsEvent {
    const found = this.#find(name);
    const policyText = found.policy;
    found.policy = undefined;
    return this.#record('DeleteRepositoryPolicy', found, {}, { policyText });
  }

  /** Somebody without the right to it tries to set a policy: CloudTrail tells of it, and nothing has changed. */
  failToSetPolicy(name: string): AwsEvent {
    const found = this.#find(name);
    return recordCall(this.#place, {
      service: 'ecr',
      name: 'SetRepositoryPolicy',
      request: { registryId: this.#place.account.id, repositoryName: name, policyText: publicPolicy, force: false },
      response: null,
      resources: [found.repository.repositoryArn],
      refused: {
        code: 'AccessDenied',
        message: `User: arn:aws:sts::${this.#place.account.id}:assumed-role/deployer/ci is not authorized to perform: ecr:SetRepositoryPolicy on resource: ${found.repository.repositoryArn}`,
      },
    });
  }

  /** Deletes the repository with all that is in it. */
  delete(name: string): AwsEvent {
    const { region } = this.#place;
    const found = this.#find(name);
    region.ecr.repositories = region.ecr.repositories.filter((one) => one !== found);
    return this.#record('DeleteRepository', found, { force: true }, { repository: found.repository });
  }

  /**
   * Pushes a new image under a tag; a tag that can move leaves the image it named.
   *
   * @throws Error where the repository does not let the tag move
   */
  push(name: string, tag: string): ImageDetail & { imageDigest: string } {
    const { account, region, bus, now } = this.#place;
    const found = this.#find(name);
    const images = found.images.slice(0, found.images.length);
    const isTaken = images.some(({ imageTags }) => imageTags?.includes(tag));
    if (isTaken && found.repository.imageTagMutability === 'IMMUTABLE') {
      throw new Error(`The tag ${tag} of ${name} is immutable`);
    }
    this.#pushes += 1;
    const imageDigest = digestOf(`${name}:${tag} pushed as number ${this.#pushes}`);
    const pushed = { ...release(now(), name, tag, 0), registryId: account.id, imageDigest };
    found.images = [...images.map((image) => withoutTag(image, tag)), pushed];
    const imageId = { imageDigest, imageTag: tag };
    this.#record('PutImage', found, { imageTag: tag }, { image: { repositoryName: name, imageId } });
    // @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
    bus.post({
      'detail-type': 'ECR Image Action',
      source: 'aws.ecr',
      account: account.id,
      region: region.name,
      resources: [],
      detail: {
        result: 'SUCCESS',
        'repository-name': name,
        'image-digest': imageDigest,
        'action-type': 'PUSH',
        'image-tag': tag,
        'manifest-media-type': pushed.imageManifestMediaType,
        'artifact-media-type': pushed.artifactMediaType,
      },
    });
    return pushed;
  }

  /** The scan of an image is over: Inspector tells of it where scanning is enhanced, else ECR. */
  finishScan(name: string, { imageDigest, imageTags }: ImageDetail, counts: SeverityCounts = {}): AwsEvent {
    const { account, region, bus } = this.#place;
    const { repositoryArn } = this.#find(name).repository;
    const isEnhanced = region.ecr.scanning.scanType === 'ENHANCED';
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return bus.post({
      'detail-type': isEnhanced ? 'Inspector2 Scan' : 'ECR Image Scan',
      source: isEnhanced ? 'aws.inspector2' : 'aws.ecr',
      account: account.id,
      region: region.name,
      resources: [repositoryArn],
      detail: {
        'scan-status': isEnhanced ? 'INITIAL_SCAN_COMPLETE' : 'COMPLETE',
        'repository-name': isEnhanced ? repositoryArn : name,
        'finding-severity-counts': isEnhanced ? { CRITICAL: 0, HIGH: 0, MEDIUM: 0, ...counts, TOTAL: total } : counts,
        'image-digest': imageDigest,
        'image-tags': imageTags ?? [],
        ...(isEnhanced ? { version: '1.0' } : {}),
      },
    });
  }

  #find(name: string): RepositoryState {
    const found = this.#place.region.ecr.repositories.find(({ repository }) => repository.repositoryName === name);
    if (!found) throw new Error(`There is no repository ${name}`);
    return found;
  }

  #record(call: string, { repository }: RepositoryState, request: object, response: object): AwsEvent {
    const { repositoryName, repositoryArn } = repository;
    const identity = { registryId: this.#place.account.id, repositoryName };
    return recordCall(this.#place, {
      service: 'ecr',
      name: call,
      request: { ...identity, ...request },
      response: { ...identity, ...response },
      resources: [repositoryArn],
    });
  }
}

function withoutTag(image: ImageDetail, tag: string): ImageDetail {
  if (!image.imageTags?.includes(tag)) return image;
  const { imageTags, ...rest } = image;
  const others = imageTags.filter((one) => one !== tag);
  return others.length === 0 ? rest : { ...rest, imageTags: others };
}
