import { type FoundImage, findImage } from '../../collectors/images/find-image.ts';
import type { EcrContainerImage, EcrContainerImages } from '../../collectors/images/model.ts';
import type { PlannedUse } from '../../collectors/images/uses.ts';
import { VulnerabilityList } from '../../collectors/images/vulnerabilities.ts';
import type { GateImage, GateLook, GatePolicy } from '../../domain/gate.ts';
import { ecrLocationOf, parseImageReference } from '../../domain/image-reference.ts';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import { referenceTo } from '../../domain/resource.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { evaluate } from '../../engine/evaluate.ts';
import { type GateDependencies, gateContext, NOTHING_STATED, type Seen } from './looking.ts';

/** An image as it was seen, where it was. */
export interface SeenImage extends Seen {
  readonly image?: EcrContainerImages;
}

/** The vulnerabilities of images by their digests, as they were read on the way. */
type Listed = ReadonlyMap<string, VulnerabilityList>;

/**
 * Looks at one image; what cannot be seen of it is said and never guessed.
 *
 * @param planned how it is to be run, where somebody says it
 */
export async function lookAtImage(
  name: string,
  planned: readonly PlannedUse[],
  dependencies: GateDependencies,
): Promise<SeenImage> {
  const { policy, targetOf } = dependencies;
  if (isExcepted(name, policy)) return nothing(name, { excepted: true });
  const reference = parseImageReference(name);
  if (reference === undefined) return unseen(name, 'this is not the name of an image');
  const location = ecrLocationOf(reference);
  if (location === undefined) return unseen(name, 'it is in no private registry of Amazon ECR, where the gate looks');
  const target = targetOf(location);
  if ('because' in target) return unseen(name, target.because);
  const listed = new Map<string, VulnerabilityList>();
  const found = await findImage(gateContext(target, dependencies), reference, {
    planned,
    observeScan: (digest, page) => {
      const list = listed.get(digest) ?? new VulnerabilityList();
      listed.set(digest, list);
      list.add(page);
    },
  });
  if (!found.known) return unseen(name, withoutStop(found.reason.message));
  if (found.value === null) return unseen(name, 'the repository has no such image');
  return seen(name, found.value, listed, dependencies);
}

function seen(
  name: string,
  { digest, status, pushedAt, resource }: FoundImage,
  listed: Listed,
  { registry, parameters, images: settings, now }: GateDependencies,
): SeenImage {
  const { images } = resource;
  const notLooked = images.known
    ? images.value.length > 0
      ? []
      : [status === 'ACTIVE' ? 'it is no container image that can be looked into' : `its storage is ${status}`]
    : [withoutStop(images.reason.message)];
  const look: GateLook = {
    kind: 'image',
    name,
    digest,
    resource: referenceTo(resource),
    ...(pushedAt === undefined ? {} : { pushedAt }),
    findings: [...evaluate(registry, [resource], { now: now(), facts: NOTHING_STATED, parameters })],
    images: (images.known ? images.value : []).map((image) => gateImage(image, listed)),
    notLooked,
    unread: settings.configuration ? unread(images.known ? images.value : []) : [],
  };
  return { look, resources: [resource], image: resource };
}

/** Also what can be read and says nothing, as a manifest of a kind that is not known: the gate has not looked. */
function unread(images: readonly EcrContainerImage[]): readonly string[] {
  return [...new Set(images.flatMap(({ configuration }) => (configuration.known ? [] : configuration.reason.message)))];
}

/** By the name that the task definition gives, whether or not ECS has resolved a digest for it. */
function isExcepted(name: string, { exceptImages }: GatePolicy): boolean {
  const names = [name, name.replace(/@sha256:[0-9a-f]+$/, '')];
  return exceptImages.some((pattern) => names.some((one) => matchesWildcard(pattern, one)));
}

function gateImage({ digest, scan, attachments, signing }: EcrContainerImage, listed: Listed): GateImage {
  return {
    scanStatus: mapObserved(scan, (last) => last?.status ?? null),
    // What came before a page that could not be read is no whole list.
    vulnerabilities: mapObserved(scan, () => listed.get(digest)?.all() ?? []),
    signed: signedBy(attachments, signing),
  };
}

/** One proof is enough; that there is none counts only where everything was read. */
function signedBy(
  attachments: EcrContainerImage['attachments'],
  signing: EcrContainerImage['signing'],
): Observed<boolean> {
  if (attachments.known && attachments.value.signatures.length > 0) return known(true);
  const bySigner = mapObserved(signing, (profiles) => (profiles ?? []).some(({ status }) => status === 'COMPLETE'));
  if (bySigner.known && bySigner.value) return bySigner;
  return attachments.known ? bySigner : attachments;
}

function unseen(name: string, because: string): SeenImage {
  return nothing(name, { notLooked: [because] });
}

function nothing(name: string, more: Partial<GateLook>): SeenImage {
  return { look: { kind: 'image', name, findings: [], images: [], notLooked: [], unread: [], ...more }, resources: [] };
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
