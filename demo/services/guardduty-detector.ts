import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { DetectorState } from '../world/security-state.ts';

/** What GuardDuty says to whatever it does not like. */
export function badRequest(message: string): ServiceError {
  return new ServiceError('BadRequestException', `The request is rejected because ${message}`, 400, {
    __type: 'InvalidInputException',
  });
}

/** The detector a request names. Throws a ServiceError for any other id. */
export function detectorOf({ region }: Call, id: string | undefined): DetectorState {
  const { detector } = region.security;
  if (detector?.id !== id) throw badRequest('the input detectorId is not owned by the current account.');
  return detector as DetectorState;
}
