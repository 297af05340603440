import { defineCheck } from '../../domain/check.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { failed, notApplicable, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { matchesEverything } from '../../domain/wildcard.ts';
import { isAutomatic } from './scan-frequency.ts';

type ScanningRule = Extract<ResourceByType['EcrRegistry']['scanning'], { known: true }>['value']['rules'][number];

/** One rule for everything, so that the next repository is scanned as well. */
export const ecrRegistryScanningCoversAll = defineCheck({
  id: 'ecr-registry-scanning-covers-all',
  title: 'ECR registries should scan the images of all repositories',
  resourceType: 'EcrRegistry',
  baseSeverity: 'MEDIUM',
  rationale:
    'Repositories that match no scanning rule are not scanned, whatever their own setting says, and a repository created tomorrow under another name is not scanned either.',
  limits: 'Repositories that fail only because of the rules point to this finding and are rated LOW themselves.',
  remediation: {
    text: 'Add a rule with the filter * and scan on push or continuous scanning to the scanning configuration of the registry.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html',
  },
  frameworks: { 'nist-800-190': ['4.1.1'] },
  evaluate: ({ scanning, repositoryCount, unscannedRepositories }) => {
    if (repositoryCount.known && repositoryCount.value === 0) return notApplicable('the registry has no repositories');
    return whenKnown(scanning, ({ scanType, rules }): Verdict => {
      const forAll = rules
        .filter(({ filters }) => filters.some(({ filter }) => matchesEverything(filter)))
        .map(({ frequency }) => isAutomatic(frequency));
      if (forAll.includes(true)) return passed();
      if (forAll.includes(undefined)) {
        return unknownBecause({ kind: 'undecidable', message: 'The scan frequency is one that is not known here.' });
      }
      if (!repositoryCount.known) return unknownBecause(repositoryCount.reason);
      const configuration = {
        path: 'scanningConfiguration',
        observed: { scanType, filters: namesOf(rules) },
        expected: 'a rule for *',
      };
      const reason = 'no scanning rule covers all repositories';
      if (!unscannedRepositories.known) return failed(reason, [configuration]);
      const { count, first } = unscannedRepositories.value;
      if (count > 0) {
        return failed(reason, [configuration, { path: 'unscannedRepositories', observed: first, expected: [] }]);
      }
      return failed(reason, [configuration], {
        severity: 'LOW',
        because: 'every repository that exists today is scanned',
      });
    });
  },
});

function namesOf(rules: readonly ScanningRule[]): readonly string[] {
  return rules.flatMap(({ frequency, filters }) => filters.map(({ filter }) => `${filter} (${frequency})`));
}
