import {
  type ECRClient,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetSigningConfigurationCommand,
  paginateDescribeRepositoryCreationTemplates,
  type RepositoryCreationTemplate,
} from '@aws-sdk/client-ecr';
import { readLifecyclePolicy } from '../../domain/ecr-lifecycle.ts';
import { type PolicyDocument, readPolicy } from '../../domain/iam-policy.ts';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { invalidAnswer, parsed } from './answers.ts';
import type { EcrCreationTemplate, EcrFilter, EcrRegistry, EcrRegistryScanning, EcrSigningRule } from './model.ts';

/** What belongs to the registry as a whole and not to one repository. */
export interface RegistrySettings {
  readonly policy: Observed<PolicyDocument | null>;
  readonly scanning: Observed<EcrRegistryScanning>;
  readonly signing: EcrRegistry['signing'];
  readonly creationTemplates: EcrRegistry['creationTemplates'];
}

/** The uid of a registry, for which AWS has no ARN. */
export function registryUid({ partition, region, accountId }: CollectorContext): string {
  return `arn:${partition}:ecr:${region}:${accountId}:registry`;
}

/** Reads the registry's settings, each on its own: one that is denied leaves the others. */
export async function readRegistrySettings(context: CollectorContext, client: ECRClient): Promise<RegistrySettings> {
  const [policy, scanning, signing, creationTemplates] = await Promise.all([
    readRegistryPolicy(context, client),
    readScanning(context, client),
    readSigning(context, client),
    readCreationTemplates(context, client),
  ]);
  return { policy, scanning, signing, creationTemplates };
}

/** The policy of the registry; null where it has none. */
export async function readRegistryPolicy(
  context: CollectorContext,
  client: ECRClient,
): Promise<Observed<PolicyDocument | null>> {
  const operation = 'ecr:GetRegistryPolicy';
  const resource = registryUid(context);
  const answer = await context.readOptional(
    operation,
    ['RegistryPolicyNotFoundException'],
    () => client.send(new GetRegistryPolicyCommand({})),
    { resource },
  );
  if (!answer.known) return answer;
  if (answer.value === null) return known(null);
  const { policyText } = answer.value;
  if (policyText === undefined) return invalidAnswer(context, operation, 'without a policy text', resource);
  return parsed(known(policyText), readPolicy);
}

/** How the registry says its repositories are scanned. */
export async function readScanning(
  context: CollectorContext,
  client: ECRClient,
): Promise<Observed<EcrRegistryScanning>> {
  const operation = 'ecr:GetRegistryScanningConfiguration';
  const resource = registryUid(context);
  const answer = await context.read(operation, () => client.send(new GetRegistryScanningConfigurationCommand({})), {
    resource,
  });
  if (!answer.known) return answer;
  const configuration = answer.value.scanningConfiguration;
  if (configuration?.scanType === undefined) return invalidAnswer(context, operation, 'without a scan type', resource);
  return known({
    scanType: configuration.scanType,
    rules: (configuration.rules ?? []).map(({ scanFrequency, repositoryFilters }) => ({
      frequency: scanFrequency ?? 'MANUAL',
      filters: filtersOf(repositoryFilters),
    })),
  });
}

/** Who signs what is pushed; null where nobody does. */
export async function readSigning(context: CollectorContext, client: ECRClient): Promise<EcrRegistry['signing']> {
  const answer = await context.readOptional(
    'ecr:GetSigningConfiguration',
    ['SigningConfigurationNotFoundException'],
    () => client.send(new GetSigningConfigurationCommand({})),
    { resource: registryUid(context) },
  );
  return mapObserved(answer, (found): readonly EcrSigningRule[] | null =>
    found === null
      ? null
      : (found.signingConfiguration?.rules ?? []).map(({ signingProfileArn, repositoryFilters }) => ({
          ...(signingProfileArn === undefined ? {} : { signingProfileArn }),
          filters: filtersOf(repositoryFilters),
        })),
  );
}

async function readCreationTemplates(
  context: CollectorContext,
  client: ECRClient,
): Promise<EcrRegistry['creationTemplates']> {
  const operation = 'ecr:DescribeRepositoryCreationTemplates';
  const templates: EcrCreationTemplate[] = [];
  const listing = context.readPages(
    operation,
    () => paginateDescribeRepositoryCreationTemplates({ client, pageSize: 1000 }, {}),
    (page) => page.repositoryCreationTemplates,
    { resource: registryUid(context) },
  );
  let step = await listing.next();
  for (; step.done !== true; step = await listing.next()) {
    const { prefix } = step.value;
    if (prefix === undefined)
      invalidAnswer(context, operation, 'with a template without a prefix', registryUid(context));
    else templates.push(templateOf(prefix, step.value));
  }
  templates.sort((left, right) => compareCodeUnits(left.prefix, right.prefix));
  return mapObserved(step.value, () => templates);
}

function templateOf(prefix: string, template: RepositoryCreationTemplate): EcrCreationTemplate {
  return {
    prefix,
    tagMutability: template.imageTagMutability ?? 'MUTABLE',
    tagMutabilityExclusions: filtersOf(template.imageTagMutabilityExclusionFilters),
    appliedFor: [...(template.appliedFor ?? [])].sort(compareCodeUnits),
    lifecyclePolicy: parsed(known(template.lifecyclePolicy || null), readLifecyclePolicy),
  };
}

/** Filters in one shape, in order, so that the same registry reads the same twice. */
export function filtersOf(
  filters: readonly { readonly filter?: string | undefined; readonly filterType?: string | undefined }[] | undefined,
): EcrFilter[] {
  return (filters ?? [])
    .flatMap(({ filter, filterType }) => (filter === undefined ? [] : [{ type: filterType ?? 'WILDCARD', filter }]))
    .sort((left, right) => compareCodeUnits(left.filter, right.filter));
}
