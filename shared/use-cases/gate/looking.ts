import { UnitContext } from '../../collectors/collector-context.ts';
import type { FactLookup } from '../../domain/fact.ts';
import type { GateLook, GatePolicy } from '../../domain/gate.ts';
import type { ScanTarget } from '../../domain/inventory.ts';
import type { ClientClass, ImageSettings } from '../../domain/ports.ts';
import type { Resource } from '../../domain/resource.ts';
import type { ClassifiedText } from '../../domain/secret.ts';
import type { WaiverSet } from '../../domain/waiver.ts';
import type { CheckRegistry } from '../../engine/registry.ts';

/** How the gate reaches an account and region. */
export type TargetOf = (place: {
  readonly accountId: string;
  readonly region: string;
}) => ScanTarget | { readonly because: string };

export interface GateDependencies {
  readonly registry: CheckRegistry;
  /** Parsed parameters by check id. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly policy: GatePolicy;
  /** Whether the contents of images are fetched. */
  readonly images: Pick<ImageSettings, 'configuration'>;
  readonly waivers?: WaiverSet;
  readonly targetOf: TargetOf;
  readonly clientFor: <C>(target: ScanTarget, clientClass: ClientClass<C>, region: string) => C;
  readonly classify: (name: string, text: string) => Promise<ClassifiedText>;
  readonly now: () => Date;
}

/** A look, and the resources behind it, whose tags waivers may ask for. */
export interface Seen {
  readonly look: GateLook;
  readonly resources: readonly Resource[];
}

/** The gate looks at what is deployed and at nothing else: what others would state is not known to it. */
export const NOTHING_STATED: FactLookup = {
  regionsOf: () => [],
  about: (kind) => ({
    facts: [],
    complete: false,
    missing: ['an account'],
    whyIncomplete: { kind: 'undecidable', message: `The gate does not read what only a scan finds out (${kind}).` },
  }),
};

/** The gate reads by the collectors' readers, in a context of its own. */
export function gateContext(target: ScanTarget, { images, clientFor, classify, now }: GateDependencies): UnitContext {
  return new UnitContext({
    target,
    service: 'gate',
    now: now(),
    facts: NOTHING_STATED,
    clientFor: (clientClass, region) => clientFor(target, clientClass, region),
    classify,
    // Without layers: a deployment waits.
    imageSettings: { newest: 1, configuration: images.configuration, layers: false },
  });
}
