import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  PutImageScanningConfigurationCommand,
  PutRegistryScanningConfigurationCommand,
  type RegistryScanningRule,
  type ScanType,
} from '@aws-sdk/client-ecr';
import { defineFix, type FixDecision, refused } from '../fix.ts';
import { repositoryNameOf } from './repository-name.ts';

export type ScanningRule = {
  readonly frequency: string;
  readonly filters: readonly { readonly type: string; readonly filter: string }[];
};

export type ScanSettings = {
  readonly registry: { readonly scanType: string; readonly rules: readonly ScanningRule[] };
  readonly repository: { readonly scanOnPush: boolean };
};

/** Of a registry's scanning configuration: it has at most two rules, and a rule at most a hundred filters. */
const MAX_RULES = 2;
const MAX_FILTERS = 100;

/**
 * Has images scanned on push. Where the registry has rules, or scans enhanced, the repository's own setting has no effect:
 * then a filter is added to the registry's rules, and all others stay.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
export const ecrScanOnPush = defineFix<'AwsEcrRepository', ScanSettings>({
  id: 'ecr-scan-on-push',
  checks: ['ecr-repository-scanning-enabled'],
  resourceType: 'AwsEcrRepository',
  does: 'scans on push, in the repository or by a filter more in the rules of the registry',
  permissions: [
    'ecr:DescribeRepositories',
    'ecr:GetRegistryScanningConfiguration',
    'ecr:PutImageScanningConfiguration',
    'ecr:PutRegistryScanningConfiguration',
    // Not called here: ECR asks them of the caller where the registry scans enhanced.
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
    'inspector2:Enable',
    'inspector2:ListAccountPermissions',
  ],
  needsFacts: false,
  nameOf: repositoryNameOf,

  async read(place, { name }) {
    const client = place.clientFor(ECRClient);
    const { scanningConfiguration } = await place.call('ecr:GetRegistryScanningConfiguration', () =>
      client.send(new GetRegistryScanningConfigurationCommand({})),
    );
    const { repositories } = await place.call('ecr:DescribeRepositories', () =>
      client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
    );
    return {
      registry: {
        scanType: scanningConfiguration?.scanType ?? 'unknown',
        rules: (scanningConfiguration?.rules ?? []).map(ruleOf),
      },
      repository: { scanOnPush: repositories?.[0]?.imageScanningConfiguration?.scanOnPush === true },
    };
  },

  decide(settings, { resource: { name } }) {
    const { scanType, rules } = settings.registry;
    if (scanType === 'BASIC' && rules.length === 0) {
      return {
        kind: 'change',
        says: 'Switches scan on push on in the repository; images that are there already are scanned when they are pushed again.',
        wanted: { ...settings, repository: { scanOnPush: true } },
      };
    }
    if (scanType !== 'BASIC' && scanType !== 'ENHANCED') {
      return refused(`The registry scans in a way that Hullcheck does not know (${scanType}).`);
    }
    return addFilter(settings, name);
  },

  async write(place, { before, wanted }, { name: repositoryName }) {
    const client = place.clientFor(ECRClient);
    if (wanted.repository.scanOnPush !== before.repository.scanOnPush) {
      const imageScanningConfiguration = { scanOnPush: true };
      await place.call('ecr:PutImageScanningConfiguration', () =>
        client.send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration })),
      );
      return;
    }
    const { scanType, rules } = wanted.registry;
    await place.call('ecr:PutRegistryScanningConfiguration', () =>
      client.send(
        new PutRegistryScanningConfigurationCommand({
          scanType: scanType as ScanType,
          rules: rules.map(
            ({ frequency, filters }) =>
              ({
                scanFrequency: frequency,
                repositoryFilters: filters.map(({ type, filter }) => ({ filterType: type, filter })),
              }) as RegistryScanningRule,
          ),
        }),
      ),
    );
  },
});

/** Joins a rule that scans by itself, on push before continuously; where there is none, it becomes one of its own. */
function addFilter(settings: ScanSettings, name: string): FixDecision<ScanSettings> {
  const { scanType, rules } = settings.registry;
  const filter = { type: 'WILDCARD', filter: name };
  const hasRoom = (frequency: string) => (rule: ScanningRule) =>
    rule.frequency === frequency && rule.filters.length < MAX_FILTERS;
  const joined =
    rules.find(hasRoom('SCAN_ON_PUSH')) ??
    (rules.length < MAX_RULES ? undefined : rules.find(hasRoom('CONTINUOUS_SCAN')));
  // A registry may have one rule for each frequency.
  if (
    joined === undefined &&
    (rules.length >= MAX_RULES || rules.some(({ frequency }) => frequency === 'SCAN_ON_PUSH'))
  ) {
    return refused(
      'The scanning rules of the registry have no room for another filter: join filters by a wildcard that also matches the repository.',
    );
  }
  const after =
    joined === undefined
      ? [...rules, { frequency: 'SCAN_ON_PUSH', filters: [filter] }]
      : rules.map((rule) => (rule === joined ? { ...rule, filters: [...rule.filters, filter] } : rule));
  const cost = scanType === 'ENHANCED' ? '; Inspector charges for each image' : '';
  return {
    kind: 'change',
    says: `Adds the filter ${name} to the scanning rule ${joined?.frequency ?? 'SCAN_ON_PUSH'} of the registry, which also matches every repository whose name contains it${cost}.`,
    wanted: { ...settings, registry: { scanType, rules: after } },
  };
}

function ruleOf({ scanFrequency, repositoryFilters }: RegistryScanningRule): ScanningRule {
  return {
    frequency: scanFrequency ?? 'MANUAL',
    filters: (repositoryFilters ?? []).map(({ filter, filterType }) => ({
      type: filterType ?? 'WILDCARD',
      filter: filter ?? '',
    })),
  };
}
