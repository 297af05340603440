import { describe, expect, test } from 'vitest';
import { undecidable } from '#shared/domain/observed.ts';
import { ecrScanOnPush, type ScanningRule, type ScanSettings } from '#shared/fixes/ecr/ecr-scan-on-push.ts';
import { ecrTagImmutability } from '#shared/fixes/ecr/ecr-tag-immutability.ts';
import { ecrUntaggedExpiry } from '#shared/fixes/ecr/ecr-untagged-expiry.ts';
import {
  digest,
  EXPIRE_UNTAGGED,
  imageSummary,
  KEEP_LAST,
  repository,
  ruleText,
  runningImage,
} from '#test/factories/ecr.ts';

const failure = (resource = repository(), allowUnknownUse = false) => ({
  checkId: 'any',
  resource,
  parameters: undefined,
  allowUnknownUse,
});

describe('expiry of untagged images', () => {
  const decide = (rules: readonly unknown[] | null, resource = repository(), allowUnknownUse = false) =>
    ecrUntaggedExpiry.decide({ rules: rules as never }, failure(resource, allowUnknownUse));
  const tagged = (rulePriority: number) =>
    ruleText(
      { tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 5 },
      undefined,
      rulePriority,
    );
  const archiveAny = (rulePriority: number) =>
    ruleText(
      {
        tagStatus: 'any',
        storageClass: 'archive',
        countType: 'sinceImageTransitioned',
        countUnit: 'days',
        countNumber: 90,
      },
      { type: 'expire' },
      rulePriority,
    );
  const prioritiesOf = (decision: ReturnType<typeof decide>) =>
    decision.kind === 'change'
      ? (decision.wanted.rules as { rulePriority: number }[]).map((one) => one.rulePriority)
      : decision.because;

  test('becomes the first rule where there is no policy', () => {
    expect(decide(null)).toMatchObject({
      kind: 'change',
      wanted: { rules: [{ ...EXPIRE_UNTAGGED, description: expect.stringContaining('Hullcheck') }] },
    });
  });

  test('comes behind the rules that are there, which stay as they are', () => {
    const rules = [{ ...tagged(3), description: 'ours' }, tagged(7)];

    const decision = decide(rules);

    expect(prioritiesOf(decision)).toEqual([3, 7, 8]);
    expect(decision.kind === 'change' && decision.wanted.rules?.slice(0, 2)).toEqual(rules);
  });

  test('comes before a rule for any image, which has to be last, with the largest number that is free', () => {
    expect(prioritiesOf(decide([tagged(1), tagged(4), archiveAny(6)]))).toEqual([1, 4, 6, 5]);
    expect(prioritiesOf(decide([tagged(5), archiveAny(6)]))).toEqual([5, 6, 4]);
  });

  test('is refused where no number is free before that rule: others are never numbered anew', () => {
    expect(decide([tagged(1), archiveAny(2)])).toMatchObject({ kind: 'refused' });
    expect(decide([archiveAny(1)])).toMatchObject({ kind: 'refused' });
  });

  test('is refused where a rule archives untagged images, and beyond fifty rules', () => {
    const archives = ruleText(
      { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 9 },
      { type: 'transition', targetStorageClass: 'archive' },
    );
    expect(decide([archives])).toMatchObject({ kind: 'refused', because: expect.stringContaining('archive') });
    expect(decide(Array.from({ length: 50 }, (_, index) => tagged(index + 1)))).toMatchObject({ kind: 'refused' });
    expect(decide([KEEP_LAST(3)])).toMatchObject({ kind: 'refused' });
  });

  test('is refused where the policy would become longer than ECR takes', () => {
    expect(decide([{ ...tagged(1), description: 'x'.repeat(30_700) }])).toMatchObject({ kind: 'refused' });
  });

  describe('never deletes what runs', () => {
    const untaggedOnes = { images: 5, taggedImages: 3 };
    const withImages = (overrides: Parameters<typeof imageSummary>[0], more: Parameters<typeof repository>[0] = {}) =>
      repository({ images: { known: true, value: imageSummary(overrides) }, ...more });

    test('an untagged image that runs', () => {
      const resource = withImages({ ...untaggedOnes, running: [runningImage({ digest: digest(7), tags: [] })] });

      expect(decide(null, resource, true)).toMatchObject({
        kind: 'refused',
        because: expect.stringContaining(digest(7)),
      });
    });

    test('what runs where nobody could look, unless whoever asks answers for it', () => {
      const resource = withImages(untaggedOnes, { usesListed: undecidable('Pods were not read.') });

      expect(decide(null, resource)).toMatchObject({
        kind: 'refused',
        because: expect.stringContaining('Pods were not read.'),
      });
      expect(decide(null, resource, true)).toMatchObject({ kind: 'change' });
    });

    test('an image whose digest was not reported', () => {
      expect(decide(null, withImages(untaggedOnes, { runsUnknownDigest: true }))).toMatchObject({ kind: 'refused' });
    });

    test('anything, where the images could not be listed', () => {
      expect(decide(null, repository({ images: undecidable('denied') }), true)).toMatchObject({ kind: 'refused' });
    });

    test('but a repository without untagged images has nothing to lose', () => {
      const resource = withImages({ images: 3, taggedImages: 3 }, { usesListed: undecidable('Pods were not read.') });

      expect(decide(null, resource)).toMatchObject({ kind: 'change' });
    });
  });
});

describe('scan on push', () => {
  const rule = (frequency: string, filters: readonly string[]): ScanningRule => ({
    frequency,
    filters: filters.map((filter) => ({ type: 'WILDCARD', filter })),
  });
  const decide = (scanType: string, ...rules: readonly ScanningRule[]) => {
    const settings: ScanSettings = { registry: { scanType, rules }, repository: { scanOnPush: false } };
    return ecrScanOnPush.decide(settings, failure());
  };
  const full = Array.from({ length: 100 }, (_, index) => `team-${index}/*`);
  const own = repository().name;

  test('is the setting of the repository only where the registry has no rules and scans in the basic way', () => {
    expect(decide('BASIC')).toMatchObject({ wanted: { repository: { scanOnPush: true }, registry: { rules: [] } } });
    expect(decide('ENHANCED')).toMatchObject({ wanted: { repository: { scanOnPush: false } } });
  });

  test('joins the rule that scans on push and leaves the other alone', () => {
    expect(decide('ENHANCED', rule('CONTINUOUS_SCAN', ['prod/*']), rule('SCAN_ON_PUSH', ['dev/*']))).toMatchObject({
      wanted: { registry: { rules: [rule('CONTINUOUS_SCAN', ['prod/*']), rule('SCAN_ON_PUSH', ['dev/*', own])] } },
    });
  });

  test('becomes a rule of its own where there is none, and joins continuous scanning where there may be no third', () => {
    expect(decide('BASIC', rule('MANUAL', ['dev/*']))).toMatchObject({
      wanted: { registry: { rules: [rule('MANUAL', ['dev/*']), rule('SCAN_ON_PUSH', [own])] } },
    });
    expect(decide('ENHANCED', rule('MANUAL', ['dev/*']), rule('CONTINUOUS_SCAN', ['prod/*']))).toMatchObject({
      wanted: { registry: { rules: [rule('MANUAL', ['dev/*']), rule('CONTINUOUS_SCAN', ['prod/*', own])] } },
    });
  });

  test('is refused where no rule has room, and for a scan type that is not known', () => {
    expect(decide('BASIC', rule('SCAN_ON_PUSH', full))).toMatchObject({ kind: 'refused' });
    expect(decide('ENHANCED', rule('SCAN_ON_PUSH', full), rule('CONTINUOUS_SCAN', full))).toMatchObject({
      kind: 'refused',
    });
    expect(decide('SOMETHING_NEW', rule('SCAN_ON_PUSH', []))).toMatchObject({ kind: 'refused' });
  });
});

describe('immutable tags', () => {
  const decide = (imageTagMutability: string, ...exclusionFilters: readonly string[]) =>
    ecrTagImmutability.decide({ imageTagMutability, exclusionFilters }, failure());

  test('are set where nobody has chosen filters', () => {
    expect(decide('MUTABLE')).toMatchObject({ kind: 'change', wanted: { imageTagMutability: 'IMMUTABLE' } });
  });

  test('never turn filters round: what was excluded from the one would be excluded from the other', () => {
    expect(decide('MUTABLE_WITH_EXCLUSION', 'WILDCARD release-*')).toMatchObject({ kind: 'refused' });
    expect(decide('IMMUTABLE_WITH_EXCLUSION', 'WILDCARD v*')).toMatchObject({ kind: 'refused' });
  });
});
