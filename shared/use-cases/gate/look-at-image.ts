import { ECRClient } from '@aws-sdk/client-ecr';
import pMap from 'p-map';
import { type FoundImage, findImage } from '../../collectors/images/find-image.ts';
import type { EcrContainerImage } from '../../collectors/images/model.ts';
import { readVulnerabilities } from '../../collectors/images/vulnerabilities.ts';
import type { GateImage, GateLook } from '../../domain/gate.ts';
import { ecrLocationOf, parseImageReference } from '../../domain/image-reference.ts';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { referenceTo } from '../../domain/resource.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { evaluate } from '../../engine/evaluate.ts';
import { type GateDependencies, gateContext, NOTHING_STATED, type Seen } from './looking.ts';

const IMAGES_AT_ONCE = 4;

/** Looks at one image; what cannot be seen of it is said and never guessed. */
export async function lookAtImage(name: string, dependencies: GateDependencies): Promise<Seen> {
  const { policy, targetOf } = dependencies;
  if (policy.exceptImages.some((pattern) => matchesWildcard(pattern, name))) return nothing(name, { excepted: true });
  const reference = parseImageReference(name);
  if (reference === undefined) return unseen(name, 'this is not the name of an image');
  const location = ecrLocationOf(reference);
  if (location === undefined) return unseen(name, 'it is in no private registry of Amazon ECR, where the gate looks');
  const target = targetOf(location);
  if ('because' in target) return unseen(name, target.because);
  const context = gateContext(target, dependencies);
  const found = await findImage(context, reference);
  if (!found.known) return unseen(name, withoutStop(found.reason.message));
  if (found.value === null) return unseen(name, 'the repository has no such image');
  return seen(name, found.value, context, dependencies);
}

async function seen(
  name: string,
  { digest, status, pushedAt, resource }: FoundImage,
  context: CollectorContext,
  { registry, parameters, now }: GateDependencies,
): Promise<Seen> {
  const { images } = resource;
  const notLooked = images.known
    ? images.value.length > 0
      ? []
      : [status === 'ACTIVE' ? 'it is no container image that can be looked into' : `its storage is ${status}`]
    : [withoutStop(images.reason.message)];
  const place = {
    context,
    client: context.clientFor(ECRClient),
    repositoryName: resource.name,
    repositoryArn: resource.uid,
  };
  const look: GateLook = {
    kind: 'image',
    name,
    digest,
    resource: referenceTo(resource),
    ...(pushedAt === undefined ? {} : { pushedAt }),
    findings: [...evaluate(registry, [resource], { now: now(), facts: NOTHING_STATED, parameters })],
    images: await pMap(
      images.known ? images.value : [],
      async (image) => gateImage(image, await readIfScanned(image, () => readVulnerabilities(place, image.digest))),
      { concurrency: IMAGES_AT_ONCE },
    ),
    notLooked,
  };
  return { look, resources: [resource] };
}

/** What could not be read the first time is not asked for again. */
async function readIfScanned(
  { scan }: EcrContainerImage,
  read: () => Promise<GateImage['vulnerabilities']>,
): Promise<GateImage['vulnerabilities']> {
  if (!scan.known) return scan;
  return scan.value === null ? known([]) : read();
}

function gateImage(
  { scan, attachments, signing }: EcrContainerImage,
  vulnerabilities: GateImage['vulnerabilities'],
): GateImage {
  return {
    scanStatus: mapObserved(scan, (last) => last?.status ?? null),
    vulnerabilities,
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

function unseen(name: string, because: string): Seen {
  return nothing(name, { notLooked: [because] });
}

function nothing(name: string, more: Partial<GateLook>): Seen {
  return { look: { kind: 'image', name, findings: [], images: [], notLooked: [], ...more }, resources: [] };
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
