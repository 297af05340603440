import { onCalls, type Trigger } from '../../domain/trigger.ts';

/**
 * Calls that switch scanning on or off.
 *
 * @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_Operations.html
 */
export const inspectorTriggers: readonly Trigger[] = [
  onCalls('inspector2', ['Disable', 'Enable', 'UpdateConfiguration'], ({ accountId, region }) => [
    { service: 'inspector', accountId, region },
  ]),
];
