import type { AwsSecurityFinding, Resource, ResourceDetails } from '@aws-sdk/client-securityhub';
import { cutEnd, cutMiddle, plainLine, utf8Bytes } from '../plain-text.ts';

/** Security Hub's limits in characters; a field that is not named here is cut at 1024. */
const LIMITS = {
  productArn: 2048,
  title: 256,
  description: 1024,
  remediation: 512,
  productFieldKey: 128,
  productFieldValue: 2048,
  productFields: 50,
  relatedRequirement: 64,
  relatedRequirements: 32,
  resourceType: 256,
  resourceId: 512,
  tagKey: 128,
  tagValue: 256,
  original: 64,
  other: 1024,
} as const;
/** 240 KB, taken as the smaller reading of K. */
export const MAX_FINDING_BYTES = 240_000;

/**
 * The last step before a finding leaves: every text becomes one harmless line within its limit, empty texts and empty
 * objects vanish or get a stand-in where the field is required, and the whole stays under 240 KB of UTF-8. Names and
 * ARNs are cut in the middle, because their ends tell them apart. Never throws.
 *
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export function sanitizeAsff(finding: AwsSecurityFinding): AwsSecurityFinding {
  const title = cutEnd(plainLine(finding.Title ?? ''), LIMITS.title) || 'Untitled check';
  const clean: AwsSecurityFinding = {
    ...finding,
    Title: title,
    Description: cutEnd(plainLine(finding.Description ?? ''), LIMITS.description) || title,
    ...optional('Remediation', remediation(finding.Remediation)),
    ...optional('ProductFields', productFields(finding.ProductFields ?? {})),
    Resources: (finding.Resources ?? []).slice(0, 1).map(resource),
    ...optional('Compliance', compliance(finding.Compliance)),
  };
  return fitting(clean);
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]: V | undefined } {
  return { [key]: value } as { [P in K]: V | undefined };
}

function remediation(value: AwsSecurityFinding['Remediation']): AwsSecurityFinding['Remediation'] {
  const text = cutEnd(plainLine(value?.Recommendation?.Text ?? ''), LIMITS.remediation);
  const url = value?.Recommendation?.Url;
  if (text === '') return undefined;
  return { Recommendation: { Text: text, ...(url === undefined ? {} : { Url: url }) } };
}

function productFields(fields: Record<string, string>): Record<string, string> | undefined {
  return nonEmpty(cleanMap(fields, LIMITS.productFieldKey, LIMITS.productFieldValue).slice(0, LIMITS.productFields));
}

function compliance(value: AwsSecurityFinding['Compliance']): AwsSecurityFinding['Compliance'] {
  if (value === undefined) return undefined;
  const { RelatedRequirements, ...rest } = value;
  const requirements = (RelatedRequirements ?? [])
    .map((requirement) => cutMiddle(plainLine(requirement), LIMITS.relatedRequirement))
    .filter((requirement) => requirement !== '')
    .slice(0, LIMITS.relatedRequirements);
  return requirements.length === 0 ? rest : { ...rest, RelatedRequirements: requirements };
}

function resource(value: Resource): Resource {
  const { Details, Tags, ...rest } = value;
  const details = Details === undefined ? undefined : detailsOf(Details);
  const tags = nonEmpty(cleanMap(Tags ?? {}, LIMITS.tagKey, LIMITS.tagValue));
  return {
    ...rest,
    Type: cutEnd(plainLine(value.Type ?? ''), LIMITS.resourceType) || 'Other',
    Id: cutMiddle(plainLine(value.Id ?? ''), LIMITS.resourceId) || 'unnamed',
    ...(details === undefined ? {} : { Details: details }),
    ...(tags === undefined ? {} : { Tags: tags }),
  };
}

function detailsOf(details: ResourceDetails): ResourceDetails | undefined {
  return cleanValue(details, LIMITS.other) as ResourceDetails | undefined;
}

/** Cleans any nested value: texts cut in the middle, what is empty dropped. */
function cleanValue(value: unknown, max: number): unknown {
  if (typeof value === 'string') return cutMiddle(plainLine(value), max) || undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => cleanValue(item, max)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const cleaned = cleanValue(item, max);
    return cleaned === undefined ? [] : [[key, cleaned] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function cleanMap(map: Record<string, string>, maxKey: number, maxValue: number): [string, string][] {
  return Object.entries(map)
    .map(([key, value]): [string, string] => [
      cutMiddle(plainLine(key), maxKey),
      value.includes('arn:') || value.includes('@sha256:')
        ? cutMiddle(plainLine(value), maxValue)
        : cutEnd(plainLine(value), maxValue),
    ])
    .filter(([key, value]) => key !== '' && value !== '');
}

function nonEmpty(entries: [string, string][]): Record<string, string> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Gives up the least important parts, one after the other, until the finding fits. */
function fitting(finding: AwsSecurityFinding): AwsSecurityFinding {
  if (asffBytes(finding) <= MAX_FINDING_BYTES) return finding;
  const bare = { ...finding, Resources: (finding.Resources ?? []).map(({ Details: _, Tags: __, ...rest }) => rest) };
  if (asffBytes(bare) <= MAX_FINDING_BYTES) return bare;
  const fields = Object.entries(bare.ProductFields ?? {});
  while (fields.length > 0) {
    fields.pop();
    const smaller = { ...bare, ...optional('ProductFields', nonEmpty(fields)) };
    if (asffBytes(smaller) <= MAX_FINDING_BYTES) return smaller;
  }
  return bare;
}

/** The size of a finding as it is sent. */
export function asffBytes(finding: AwsSecurityFinding): number {
  return utf8Bytes(JSON.stringify(finding));
}
