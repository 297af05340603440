import type { Undecidable } from '../../domain/observed.ts';

/**
 * The modes that ECS knows; no mode is Docker's bridge on Linux instances and `default` (NAT) on Windows.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
const MODES = ['awsvpc', 'bridge', 'host', 'none', 'default', '<default>'];

export function isKnownNetworkMode(mode: string | undefined): boolean {
  return mode === undefined || MODES.includes(mode);
}

export function unknownNetworkMode(mode: string | undefined): Undecidable {
  return { kind: 'undecidable', message: `The network mode "${mode}" is not known to this version.` };
}
