import type { Service } from './service.ts';
import { ServiceError } from './service-error.ts';
import type { Caller } from './sessions.ts';

/** The caller may not: the words AWS uses, which name the caller, the action and why. */
export function accessDenied(
  service: Service,
  caller: Caller,
  operation: string,
  because: 'no-identity-policy' | 'service-control-policy',
  resource: string,
): ServiceError {
  const action = `${service.iamPrefix ?? service.signingName}:${operation}`;
  const reason =
    because === 'no-identity-policy'
      ? `because no identity-based policy allows the ${action} action`
      : 'with an explicit deny in a service control policy';
  const sentence = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  switch (service.protocol) {
    case 'ec2':
      return new ServiceError(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. User: ${caller.arn} is not authorized to perform: ${action} ${reason}.`,
        403,
      );
    case 'query':
      return service.signingName === 'sns'
        ? new ServiceError('AuthorizationError', sentence, 403)
        : new ServiceError('AccessDenied', sentence, 403);
    case 'rest-json':
      return new ServiceError('AccessDeniedException', sentence, 403);
    case 'json':
      return new ServiceError('AccessDeniedException', sentence);
  }
}

/** The ARN of what a request is about, as far as an access refusal would name it; `*` where it is about everything. */
export function resourceOf(
  service: Service,
  place: { accountId: string; region: string },
  input: Record<string, unknown>,
): string {
  const { repositoryName, clusterName, cluster } = input;
  const prefix = `arn:aws:${service.signingName}:${place.region}:${place.accountId}`;
  if (service.signingName === 'ecr') return `${prefix}:repository/${repositoryName ?? '*'}`;
  if (service.signingName === 'eks') return `${prefix}:cluster/${clusterName ?? input.name ?? '*'}`;
  if (service.signingName === 'ecs' && typeof cluster === 'string') {
    return cluster.startsWith('arn:') ? cluster : `${prefix}:cluster/${cluster}`;
  }
  return '*';
}

/** The caller is too fast. */
export function throttled(service: Service): ServiceError {
  switch (service.protocol) {
    case 'ec2':
      return new ServiceError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'query':
      return new ServiceError(service.throttleCode ?? 'Throttling', 'Rate exceeded');
    case 'rest-json':
      return new ServiceError(service.throttleCode ?? 'ThrottlingException', 'Rate exceeded', 429);
    case 'json':
      return new ServiceError(service.throttleCode ?? 'ThrottlingException', 'Rate exceeded');
  }
}

/** The session is over. */
export function expiredToken(service: Service): ServiceError {
  const sentence = 'The security token included in the request is expired';
  switch (service.protocol) {
    case 'ec2':
      return new ServiceError('RequestExpired', 'Request has expired.');
    case 'query':
      return new ServiceError('ExpiredToken', sentence, 403);
    case 'rest-json':
      return new ServiceError('ExpiredTokenException', sentence, 403);
    case 'json':
      return new ServiceError('ExpiredTokenException', sentence);
  }
}

/** The credentials are unknown, or not valid in a Region that the account has not enabled. */
export function invalidCredentials(service: Service): ServiceError {
  const sentence = 'The security token included in the request is invalid.';
  switch (service.protocol) {
    case 'ec2':
      return new ServiceError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
    case 'query':
      return new ServiceError('InvalidClientTokenId', sentence, 403);
    case 'rest-json':
      return new ServiceError('UnrecognizedClientException', sentence, 403);
    case 'json':
      return new ServiceError('UnrecognizedClientException', sentence);
  }
}

/** The service has no such operation, or the demo account does not serve it. */
export function unknownOperation(service: Service, name: string): ServiceError {
  switch (service.protocol) {
    case 'ec2':
    case 'query':
      return new ServiceError('InvalidAction', `The action ${name} is not valid for this web service.`);
    case 'rest-json':
      return new ServiceError('UnknownOperationException', `No operation answers ${name}`, 404);
    case 'json':
      return new ServiceError('UnknownOperationException', `The operation ${name} is not known`);
  }
}

/** The service itself failed. */
export function internalError(service: Service, status: number): ServiceError {
  const code = {
    ec2: 'InternalError',
    query: 'InternalFailure',
    'rest-json': 'InternalServerException',
    json: 'InternalFailure',
  };
  return new ServiceError(code[service.protocol], 'An internal error has occurred', status);
}

/** The request lacks something the model requires. */
export function missingRequired(service: Service, path: string): ServiceError {
  const sentence = `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must not be null`;
  return new ServiceError(service.protocol === 'ec2' ? 'MissingParameter' : service.invalidInputCode, sentence);
}
