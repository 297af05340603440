import type { ScanTarget } from '../../domain/inventory.ts';
import { sortedBy } from './listing.ts';
import type { EcsRevisionUse } from './model.ts';

/** Task definitions and the task definitions of managed daemons are two name spaces. */
export type DefinitionKind = 'task-definition' | 'daemon-task-definition';

export interface DefinitionReference {
  readonly kind: DefinitionKind;
  readonly family: string;
  /** Absent where the family alone is named: then its latest ACTIVE revision is meant. */
  readonly revision?: number;
}

const REFERENCE =
  /^(?:arn:[\w-]+:ecs:([\w-]+):(\d{12}):(task-definition|daemon-task-definition)\/)?([A-Za-z0-9_-]{1,255})(?::(\d{1,12}))?$/;

/**
 * Takes apart how services, rules and schedules name a task definition: by ARN or not, with a revision or not.
 *
 * @returns undefined for a text that names none, or one of another account or region: ECS runs no such task
 */
export function parseDefinitionReference(reference: string, target: ScanTarget): DefinitionReference | undefined {
  const match = REFERENCE.exec(reference);
  const [, region, accountId, kind = 'task-definition', family, revision] = match ?? [];
  if (family === undefined) return undefined;
  if (region !== undefined && (region !== target.region || accountId !== target.accountId)) return undefined;
  return {
    kind: kind as DefinitionKind,
    family,
    ...(revision === undefined ? {} : { revision: Number(revision) }),
  };
}

/** The known uses of one family: of single revisions, and of whichever is the latest. */
export interface FamilyUses {
  readonly byRevision: ReadonlyMap<number, readonly EcsRevisionUse[]>;
  readonly ofLatest: readonly EcsRevisionUse[];
}

type UsesByUser = Map<string, EcsRevisionUse>;
const LATEST = 'latest';

/** Collects who runs which revision; the same user of the same revision counts once. */
export class UseBook {
  readonly #target: ScanTarget;
  readonly #families = new Map<string, Map<number | typeof LATEST, UsesByUser>>();

  constructor(target: ScanTarget) {
    this.#target = target;
  }

  /** Notes a use; a reference that names nothing that could run here is left out. */
  add(reference: string | undefined, use: EcsRevisionUse): void {
    const parsed = reference === undefined ? undefined : parseDefinitionReference(reference, this.#target);
    if (parsed === undefined) return;
    const key = `${parsed.kind}/${parsed.family}`;
    const family = this.#families.get(key) ?? new Map<number | typeof LATEST, UsesByUser>();
    this.#families.set(key, family);
    const uses = family.get(parsed.revision ?? LATEST) ?? new Map<string, EcsRevisionUse>();
    family.set(parsed.revision ?? LATEST, uses);
    const user = `${use.kind} ${use.by}`;
    const earlier = uses.get(user);
    uses.set(user, earlier === undefined ? use : merged(earlier, use));
  }

  /** The names of the families of a kind that something uses, in order. */
  familiesInUse(kind: DefinitionKind): readonly string[] {
    const prefix = `${kind}/`;
    return [...this.#families.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort();
  }

  /** Every use with what it is a use of, in order; the revision is absent where the latest is meant. */
  all(): readonly {
    readonly kind: DefinitionKind;
    readonly family: string;
    readonly revision?: number;
    readonly use: EcsRevisionUse;
  }[] {
    return [...this.#families.keys()].sort().flatMap((key) => {
      const [kind, family] = key.split('/') as [DefinitionKind, string];
      const { byRevision, ofLatest } = this.usesOf(kind, family);
      return [
        ...[...byRevision]
          .sort(([left], [right]) => left - right)
          .flatMap(([revision, uses]) => uses.map((use) => ({ kind, family, revision, use }))),
        ...ofLatest.map((use) => ({ kind, family, use })),
      ];
    });
  }

  usesOf(kind: DefinitionKind, family: string): FamilyUses {
    const byRevision = new Map<number, readonly EcsRevisionUse[]>();
    let ofLatest: readonly EcsRevisionUse[] = [];
    for (const [revision, uses] of this.#families.get(`${kind}/${family}`) ?? []) {
      if (revision === LATEST) ofLatest = inOrder(uses.values());
      else byRevision.set(revision, inOrder(uses.values()));
    }
    return { byRevision, ofLatest };
  }
}

/** Uses in an order that does not depend on which answer came first, each user once. */
export function inOrder(uses: Iterable<EcsRevisionUse>): readonly EcsRevisionUse[] {
  const byUser: UsesByUser = new Map();
  for (const use of uses) {
    const user = `${use.kind} ${use.by}`;
    const earlier = byUser.get(user);
    byUser.set(user, earlier === undefined ? use : merged(earlier, use));
  }
  return sortedBy([...byUser.values()], ({ kind, by }) => `${kind} ${by}`);
}

function merged(one: EcsRevisionUse, other: EcsRevisionUse): EcsRevisionUse {
  const containers = [...(one.loadBalancedContainers ?? []), ...(other.loadBalancedContainers ?? [])];
  const onWindows = one.onWindows === true || other.onWindows === true;
  const platformUnknown = one.platformUnknown ?? other.platformUnknown;
  return {
    kind: one.kind,
    by: one.by,
    launchTypes: [...new Set([...one.launchTypes, ...other.launchTypes])].sort(),
    ...(onWindows ? { onWindows } : {}),
    ...(platformUnknown === undefined ? {} : { platformUnknown }),
    ...(containers.length > 0 ? { loadBalancedContainers: [...new Set(containers)].sort() } : {}),
  };
}
