import type { Fact } from '../../domain/fact.ts';
import type { ChangeEvent, Touched, Trigger } from '../../domain/trigger.ts';
import { onCalls, onEvents, textAt } from '../../domain/trigger.ts';

/** Calls that change one repository. PutImage is not among them: ECR tells of it by an event of its own. */
const REPOSITORY_CALLS = [
  'CreateRepository',
  'DeleteLifecyclePolicy',
  'DeleteRepository',
  'DeleteRepositoryPolicy',
  'PutImageScanningConfiguration',
  'PutImageTagMutability',
  'PutLifecyclePolicy',
  'SetRepositoryPolicy',
  'TagResource',
  'UntagResource',
];

/** Calls that change the registry alone. */
const REGISTRY_CALLS = [
  'CreateRepositoryCreationTemplate',
  'DeleteRepositoryCreationTemplate',
  'DeleteSigningConfiguration',
  'PutSigningConfiguration',
  'UpdateRepositoryCreationTemplate',
];

/** Calls that change the registry and what holds for each of its repositories. */
const EVERYTHING_CALLS = ['DeleteRegistryPolicy', 'PutRegistryPolicy', 'PutRegistryScanningConfiguration'];

/**
 * What happens to repositories and the registry; what is found in images is the business of those who look into them.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export const ecrTriggers: readonly Trigger[] = [
  onCalls('ecr', REPOSITORY_CALLS, (event) =>
    repository(
      event,
      textAt(event.detail, 'requestParameters', 'repositoryName') ??
        repositoryOf(textAt(event.detail, 'requestParameters', 'resourceArn')),
    ),
  ),
  onCalls('ecr', REGISTRY_CALLS, (event) => [registry(event)]),
  onCalls('ecr', EVERYTHING_CALLS, (event) => [everything(event)]),
  onEvents('aws.ecr', ['ECR Image Action'], (event) =>
    textAt(event.detail, 'result') === 'SUCCESS' ? repository(event, textAt(event.detail, 'repository-name')) : [],
  ),
  // It names every repository whose scanning changed, often all: read together they cost a fraction of one at a time.
  onEvents('aws.ecr', ['ECR Scan Resource Change'], (event) => [everything(event)]),
];

/** Another image of a repository runs than before: whether its findings are in use, and what may expire, depends on it. */
export function touchedByFact(fact: Fact): Touched | undefined {
  if (fact.kind !== 'running-image') return undefined;
  const [accountId, region, ...name] = fact.key.split('/');
  if (accountId === undefined || region === undefined) return undefined;
  return { service: 'ecr', accountId, region, resource: { type: 'AwsEcrRepository', name: name.join('/') } };
}

function repository(event: ChangeEvent, name: string | undefined): readonly Touched[] {
  if (name === undefined) return [];
  return [{ ...everything(event), resource: { type: 'AwsEcrRepository', name } }];
}

function registry(event: ChangeEvent): Touched {
  return { ...everything(event), resource: { type: 'EcrRegistry', name: event.accountId } };
}

function everything({ accountId, region }: ChangeEvent): Touched {
  return { service: 'ecr', accountId, region };
}

/** The repository in its ARN; names may hold slashes. */
function repositoryOf(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : /^arn:[\w-]+:ecr:[\w-]*:\d{12}:repository\/(.+)$/.exec(arn)?.[1];
}
