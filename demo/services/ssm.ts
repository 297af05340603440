import {
  GetParameter$,
  type GetParameterCommandInput,
  type GetParameterCommandOutput,
  GetParameters$,
  GetParametersByPath$,
  type GetParametersByPathCommandInput,
  type GetParametersByPathCommandOutput,
  type GetParametersCommandInput,
  type GetParametersCommandOutput,
} from '@aws-sdk/client-ssm';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';

export const ssm: Service = {
  signingName: 'ssm',
  protocol: 'json',
  invalidInputCode: 'ValidationException',
  operations: [
    operation(GetParameter$, getParameter),
    operation(GetParameters$, getParameters),
    operation(GetParametersByPath$, getParametersByPath),
  ],
};

function getParameter({ region }: Call, input: GetParameterCommandInput): Reply<GetParameterCommandOutput> {
  const parameter = region.parameters.find(({ Name }) => Name === input.Name);
  if (!parameter) throw new ServiceError('ParameterNotFound', '');
  return { Parameter: parameter };
}

function getParameters({ region }: Call, input: GetParametersCommandInput): Reply<GetParametersCommandOutput> {
  const names = input.Names ?? [];
  if (names.length < 1 || names.length > 10) {
    throw new ServiceError(
      'ValidationException',
      "Value at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
    );
  }
  return {
    Parameters: region.parameters.filter(({ Name }) => names.includes(Name ?? '')),
    InvalidParameters: names.filter((name) => !region.parameters.some(({ Name }) => Name === name)),
  };
}

function getParametersByPath(
  call: Call,
  input: GetParametersByPathCommandInput,
): Reply<GetParametersByPathCommandOutput> {
  const path = `${(input.Path ?? '').replace(/\/$/, '')}/`;
  const wanted = call.region.parameters.filter(({ Name }) => {
    if (!Name?.startsWith(path)) return false;
    return input.Recursive === true || !Name.slice(path.length).includes('/');
  });
  const { items, nextToken } = page(call, wanted, {
    token: input.NextToken,
    requested: input.MaxResults,
    usual: 10,
    most: 10,
    badTokenCode: 'InvalidNextToken',
  });
  return { Parameters: items, NextToken: nextToken };
}
