import pMap from 'p-map';
import type { PlannedUse } from '../../collectors/images/uses.ts';
import type { GateJudgement, GateLook, GatePolicy, GateRecord } from '../../domain/gate.ts';
import { waiverReference } from '../../domain/waiver.ts';
import { tagLookup, WaiverIndex } from '../../engine/waivers.ts';
import { decide } from './decide.ts';
import { usersOf } from './image-users.ts';
import { lookAtImage } from './look-at-image.ts';
import { judged, lookAtTaskDefinition, type SeenTaskDefinition, type WantedImage } from './look-at-task-definition.ts';
import type { GateDependencies } from './looking.ts';

/** What is about to be deployed. */
export type GateRequest =
  | { readonly is: 'image'; readonly name: string }
  /** Of a file that was read before: only the command line is asked about files, and functions need no reader of them. */
  | { readonly is: 'read'; readonly definitions: SeenTaskDefinition }
  /** By its ARN, which names the revision. */
  | {
      readonly is: 'task-definition';
      readonly arn: string;
      /** The digests that ECS has resolved, by the image as the task definition names it. */
      readonly digests?: ReadonlyMap<string, string>;
    }
  /** Of which it is known already that nothing can be seen of it. */
  | { readonly is: 'unseen'; readonly kind: GateLook['kind']; readonly name: string; readonly because: string };

const LOOKS_AT_ONCE = 8;

/** On whose behalf the gate is asked. */
export interface GateAsker {
  readonly requestedBy: string;
  /** What is deployed to: a service, a pipeline. */
  readonly target?: string;
  /** Since when this deployment has been waiting for scans; default: since now. */
  readonly waitingSince?: Date;
}

/**
 * Whether something may be deployed: looks at all of it, at the same image once, and answers by the policy. Changes
 * nothing, remembers nothing and tells nobody.
 *
 * @throws only what `classify` throws
 */
export async function gate(
  requests: readonly GateRequest[],
  asker: GateAsker,
  dependencies: GateDependencies,
): Promise<GateRecord> {
  const { policy, waivers, now } = dependencies;
  const at = now();
  const definitions = await pMap(requests, (request) => lookAtOther(request, dependencies), {
    concurrency: LOOKS_AT_ONCE,
  });
  const wanted = byName(definitions.flatMap(({ images }) => images));
  const images = await pMap(
    wanted,
    async ([name, uses]) => ({ wanted: uses, ...(await lookAtImage(name, usesOf(uses), dependencies)) }),
    { concurrency: LOOKS_AT_ONCE },
  );
  const facts = usersOf(images, at);
  // As whom a task runs may be for its image to say.
  const unread = images.flatMap(({ look }) => look.unread);
  const seen = definitions.flatMap(({ seen: unseen, families }) => [
    ...unseen,
    ...families.map((family) => judged(family, { facts, unread }, dependencies)),
  ]);
  seen.push(...images);
  const accepted = waivers?.waivers ?? [];
  const resources = seen.flatMap((one) => one.resources);
  const index = new WaiverIndex(accepted, at, tagLookup(resources, accepted));
  const looks = seen.map(({ look }) => look);
  const judgement = decide(looks, policy, {
    now: at,
    waitingSince: asker.waitingSince ?? at,
    waiverOf: (objection) => {
      const [waiver] = index.covering(objection);
      return waiver === undefined ? undefined : waiverReference(waiver);
    },
  });
  return recordOf(judgement, looks, asker, { at, policy });
}

/** The answer where the gate itself failed: by the policy, like anything that it could not look at. */
export function blindRecord(because: string, asker: GateAsker, at: Date, policy: GatePolicy): GateRecord {
  const look: GateLook = {
    kind: 'image',
    name: 'the deployment',
    findings: [],
    images: [],
    notLooked: [because],
    unread: [],
  };
  const judgement = decide([look], policy, { now: at, waitingSince: at, waiverOf: () => undefined });
  return recordOf(judgement, [], asker, { at, policy });
}

function recordOf(
  judgement: GateJudgement,
  looks: readonly GateLook[],
  { requestedBy, target }: GateAsker,
  { at, policy }: { readonly at: Date; readonly policy: GatePolicy },
): GateRecord {
  return {
    version: 1,
    at: at.toISOString(),
    requestedBy,
    ...(target === undefined ? {} : { target }),
    ...judgement,
    subjects: looks.map(({ kind, name, digest }) => ({ kind, name, ...(digest === undefined ? {} : { digest }) })),
    policy,
  };
}

/** Each image once, with all who want it. */
function byName(images: readonly WantedImage[]): ReadonlyMap<string, readonly WantedImage[]> {
  const names = new Set(images.map(({ name }) => name));
  return new Map([...names].map((name) => [name, images.filter((one) => one.name === name)]));
}

function usesOf(images: readonly WantedImage[]): readonly PlannedUse[] {
  return images.map(({ use }) => use);
}

async function lookAtOther(request: GateRequest, dependencies: GateDependencies): Promise<SeenTaskDefinition> {
  switch (request.is) {
    case 'image':
      // Nobody says how it is to be run: on anything, and as itself.
      return { seen: [], families: [], images: [{ name: request.name, written: request.name, use: {} }] };
    case 'read':
      return request.definitions;
    case 'task-definition':
      return lookAtTaskDefinition(request, dependencies);
    case 'unseen': {
      const { kind, name, because } = request;
      return {
        seen: [{ look: { kind, name, findings: [], images: [], notLooked: [because], unread: [] }, resources: [] }],
        families: [],
        images: [],
      };
    }
  }
}
