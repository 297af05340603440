import { coversEverything } from './cidr.ts';
import type { PolicyCondition } from './iam-policy.ts';

/** What a condition leaves of everybody. */
export type Restriction =
  | { readonly kind: 'accounts'; readonly values: readonly string[] }
  | { readonly kind: 'organizations'; readonly values: readonly string[] }
  /** A network, an AWS service acting for somebody, a role id: bound, but not to accounts that can be named. */
  | { readonly kind: 'other'; readonly key: string; readonly values: readonly string[] };

type Fixed = (value: string) => boolean;

const account: Fixed = (value) => /^\d{12}$/.test(value) || /^\$\{aws:resourceaccount\}$/i.test(value);
const organization: Fixed = (value) => /^o-[^*?$/]+$/.test(value) || /^\$\{aws:resourceorgid\}$/i.test(value);
const organizationPath: Fixed = (value) => /^o-[^*?$/]+\//.test(value);
const accountInArn: Fixed = (value) => account(value.split(':')[4] ?? '');
/** An S3 bucket's ARN has no account in it, but names one bucket. */
const arnOfOne: Fixed = (value) => accountInArn(value) || /^arn:[^*?:]+:s3:::[^*?$]+$/.test(value);
const id =
  (prefix: string): Fixed =>
  (value) =>
    new RegExp(`^${prefix}-[0-9a-z]+$`).test(value);

const FIXED_BY_KEY: Readonly<Record<string, { readonly kind: Restriction['kind']; readonly fixed: Fixed }>> = {
  'aws:principalaccount': { kind: 'accounts', fixed: account },
  'aws:principalarn': { kind: 'accounts', fixed: accountInArn },
  'aws:principalorgid': { kind: 'organizations', fixed: organization },
  'aws:principalorgpaths': { kind: 'organizations', fixed: organizationPath },
  'aws:sourceaccount': { kind: 'other', fixed: account },
  'aws:sourcearn': { kind: 'other', fixed: arnOfOne },
  'aws:sourceorgid': { kind: 'other', fixed: organization },
  'aws:sourceorgpaths': { kind: 'other', fixed: organizationPath },
  'aws:sourcevpc': { kind: 'other', fixed: id('vpc') },
  'aws:sourcevpce': { kind: 'other', fixed: id('vpce') },
  'aws:vpceaccount': { kind: 'other', fixed: account },
  'aws:vpceorgid': { kind: 'other', fixed: organization },
  'aws:userid': { kind: 'other', fixed: (value) => /^A[A-Z0-9]{15,}(:.*)?$/.test(value) },
};

const POSITIVE = new Set(['stringequals', 'stringequalsignorecase', 'stringlike', 'arnequals', 'arnlike']);
const NEGATED = new Set([
  'stringnotequals',
  'stringnotequalsignorecase',
  'stringnotlike',
  'arnnotequals',
  'arnnotlike',
]);

/**
 * What a condition of an Allow statement for everybody leaves of everybody; undefined where it leaves the public in.
 * A key that is missing in the request makes `IfExists` and `ForAllValues:` true, so neither keeps anybody out; nor
 * does a value with a wildcard where the owner stands (`o-*`), or a list without values.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function restrictionOf(condition: PolicyCondition): Restriction | undefined {
  if (condition.ifExists || condition.quantifier === 'forallvalues') return undefined;
  if (condition.operator === 'ipaddress') return addressRestriction(condition);
  if (isServiceFlag(condition, 'true')) return { kind: 'other', key: condition.key, values: condition.values };
  return POSITIVE.has(condition.operator) ? fixedValues(condition) : undefined;
}

/**
 * What Deny conditions leave of everybody, when together they keep out all who do not match: every condition says
 * "is not one of ours" (or excepts AWS services), because a Deny needs all its conditions to be true. A negated
 * operator is true when the key is missing, with or without `IfExists`, but not under `ForAnyValue:`.
 */
export function restrictionLeftByDeny(conditions: readonly PolicyCondition[]): Restriction | undefined {
  const left: Restriction[] = [];
  for (const condition of conditions) {
    if (isServiceFlag(condition, 'false')) continue;
    const negated = NEGATED.has(condition.operator) || condition.operator === 'notipaddress';
    if (!negated || condition.quantifier === 'foranyvalue') return undefined;
    const restriction = condition.operator === 'notipaddress' ? addressRestriction(condition) : fixedValues(condition);
    if (restriction === undefined) return undefined;
    left.push(restriction);
  }
  const [only, ...others] = left;
  if (only === undefined || others.length === 0) return only;
  // "Deny unless ours by account or by network": whoever is left matches one of them.
  return { kind: 'other', key: conditions.map(({ key }) => key).join(' or '), values: [] };
}

function fixedValues({ key, values }: PolicyCondition): Restriction | undefined {
  const rule = FIXED_BY_KEY[key];
  if (rule === undefined || values.length === 0 || !values.every(rule.fixed)) return undefined;
  if (rule.kind === 'accounts') {
    return { kind: 'accounts', values: values.map((value) => value.split(':')[4] ?? value) };
  }
  if (rule.kind === 'organizations') {
    return { kind: 'organizations', values: values.map((value) => value.split('/')[0] ?? value) };
  }
  return { kind: 'other', key, values };
}

/** Ranges wider than /8 (IPv6: /32) hold so much of the internet that S3 calls them public; so does this. */
function addressRestriction({ key, values }: PolicyCondition): Restriction | undefined {
  if (key !== 'aws:sourceip' || values.length === 0) return undefined;
  const narrow = values.every((value) => {
    const [address = '', length] = value.split('/');
    const isV6 = address.includes(':');
    const bits = length === undefined ? (isV6 ? 128 : 32) : Number(length);
    return bits >= (isV6 ? 32 : 8);
  });
  // Narrow ranges can still add up to every address.
  const blocks = values.map((value) => (value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`));
  return narrow && !coversEverything(blocks) ? { kind: 'other', key, values } : undefined;
}

function isServiceFlag({ operator, key, values }: PolicyCondition, flag: 'true' | 'false'): boolean {
  return (
    operator === 'bool' &&
    key === 'aws:principalisawsservice' &&
    values.length > 0 &&
    values.every((value) => value.toLowerCase() === flag)
  );
}
