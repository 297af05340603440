import { allKnown, known, type Observed, undecidable } from '../../domain/observed.ts';
import type { RawObject } from '../../kubernetes/api.ts';
import type { AdmissionPolicy } from './model.ts';
import { objectAt } from './pod-identity.ts';
import type { ClusterSnapshot } from './snapshot.ts';

/** Policy engines by the API group of their policies, which are not read. */
const ENGINES: Readonly<Record<string, string>> = {
  'constraints.gatekeeper.sh': 'Gatekeeper',
  'kyverno.io': 'Kyverno',
  'policies.kubewarden.io': 'Kubewarden',
  'policies.kyverno.io': 'Kyverno',
  'policy.sigstore.dev': 'Sigstore policy-controller',
  'templates.gatekeeper.sh': 'Gatekeeper',
};

/** Webhooks that EKS and common controllers bring along: they look after their own objects and refuse no workload. */
const OTHER_PURPOSE =
  /^(?:aws-load-balancer|cert-manager|eks-|karpenter|pod-identity-webhook|validation\.webhook\.\S+\.knative|vpc-resource-)/;

const NOT_READ = undecidable('What the policies of an engine say is not read.');
const ONLY_PART = undecidable('The policy on images binds a part of the pods only.');
const OWN_SERVER = undecidable('What a webhook refuses is decided by its server.');

/** Names of the policy engines whose groups the cluster serves, sorted. */
export function policyEnginesOf(groups: ReadonlySet<string>): readonly string[] {
  return [
    ...new Set([...groups].flatMap((group) => (Object.hasOwn(ENGINES, group) ? [ENGINES[group] ?? ''] : []))),
  ].sort();
}

/**
 * What decides in a cluster which objects are let in.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export function admissionPoliciesOf(
  { admission }: ClusterSnapshot,
  groups: ReadonlySet<string>,
): Observed<readonly AdmissionPolicy[]> {
  const { admissionPolicies, admissionBindings, validatingWebhooks, mutatingWebhooks } = admission;
  const lists = allKnown([admissionPolicies, admissionBindings, validatingWebhooks, mutatingWebhooks]);
  if (!lists.known) return lists;
  // An older version does not serve a kind: then there is nothing of it.
  const [policies = [], bindings = [], validating = [], mutating = []] = lists.value.map((list) => list ?? []);
  const found = [
    ...policies.map((policy) => validatingPolicy(policy, bindings)),
    ...validating.flatMap((configuration) => webhooks('ValidatingWebhook', configuration)),
    ...mutating.flatMap((configuration) => webhooks('MutatingWebhook', configuration)),
    ...policyEnginesOf(groups).map(
      (kind): AdmissionPolicy => ({
        kind,
        name: kind,
        enforces: NOT_READ,
        verifiesImages: NOT_READ,
        source: `its API groups are served`,
      }),
    ),
  ];
  return known(found.sort((left, right) => (`${left.kind}/${left.name}` < `${right.kind}/${right.name}` ? -1 : 1)));
}

function validatingPolicy(policy: RawObject, bindings: readonly RawObject[]): AdmissionPolicy {
  const name = nameOf(policy);
  const { validations, matchConstraints, matchConditions, failurePolicy } = objectAt(policy, 'spec');
  const denying = bindings
    .map((binding) => objectAt(binding, 'spec'))
    .filter(({ policyName }) => policyName === name)
    .filter(({ validationActions }) => Array.isArray(validationActions) && validationActions.includes('Deny'));
  const rules = resourceRulesOf(matchConstraints).filter(concernsCreation);
  const refuses = denying.length > 0 && rules.some(concernsWorkloads);
  const isWhole =
    rules.some(concernsPods) &&
    !isNarrowed(matchConstraints) &&
    objectsIn(matchConditions).length === 0 &&
    failurePolicy !== 'Ignore' &&
    denying.some(({ matchResources }) => resourceRulesOf(matchResources).length === 0 && !isNarrowed(matchResources));
  const expressions = objectsIn(validations).map(({ expression }) => String(expression));
  const speaksOfImages = expressions.some((expression) => /\bimages?\b/i.test(expression));
  return {
    kind: 'ValidatingAdmissionPolicy',
    name,
    enforces: known(refuses),
    verifiesImages: speaksOfImages && refuses && !isWhole ? ONLY_PART : known(speaksOfImages),
    source: `validatingadmissionpolicies/${name}`,
  };
}

function resourceRulesOf(match: unknown): readonly Readonly<Record<string, unknown>>[] {
  return objectsIn((match as { resourceRules?: unknown } | null | undefined)?.resourceRules);
}

/** What is excepted from, or selected for, a policy; the namespaces of Kubernetes itself may be left out. */
function isNarrowed(match: unknown): boolean {
  const { namespaceSelector, objectSelector, excludeResourceRules } = (match ?? {}) as Record<string, unknown>;
  const expressions = (selector: unknown) =>
    objectsIn((selector as { matchExpressions?: unknown } | null)?.matchExpressions);
  const labels = (selector: unknown) => Object.keys((selector as { matchLabels?: object } | null)?.matchLabels ?? {});
  const exceptsSystem = ({ key, operator, values }: Readonly<Record<string, unknown>>) =>
    key === 'kubernetes.io/metadata.name' &&
    operator === 'NotIn' &&
    Array.isArray(values) &&
    values.every((value) => SYSTEM_NAMESPACES.has(value));
  return (
    objectsIn(excludeResourceRules).length > 0 ||
    [namespaceSelector, objectSelector].some((selector) => labels(selector ?? null).length > 0) ||
    expressions(objectSelector ?? null).length > 0 ||
    !expressions(namespaceSelector ?? null).every(exceptsSystem)
  );
}

function webhooks(kind: 'ValidatingWebhook' | 'MutatingWebhook', configuration: RawObject): AdmissionPolicy[] {
  const configurationName = nameOf(configuration);
  const hooks = objectsIn(configuration.webhooks).filter(({ rules }) => objectsIn(rules).some(concernsWorkloads));
  if (hooks.length === 0 || OTHER_PURPOSE.test(configurationName)) return [];
  // A mutating webhook changes what it gets; whether it refuses anything is not its purpose.
  const mayRefuse = kind === 'ValidatingWebhook' ? OWN_SERVER : known(false);
  return [
    {
      kind,
      name: configurationName,
      enforces: mayRefuse,
      verifiesImages: mayRefuse,
      source: `${kind.toLowerCase()}configurations/${configurationName}`,
    },
  ];
}

const WORKLOADS = new Set(['*', '*/*', 'pods', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs']);

const SYSTEM_NAMESPACES: ReadonlySet<unknown> = new Set(['kube-node-lease', 'kube-public', 'kube-system']);

function concernsCreation({ operations }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(operations) && operations.some((operation) => operation === 'CREATE' || operation === '*');
}

/** Whatever makes pods in the end makes pods; what looks at their makers only is gone around by a bare one. */
function concernsPods({ apiGroups, resources }: Readonly<Record<string, unknown>>): boolean {
  return (
    Array.isArray(apiGroups) &&
    apiGroups.some((group) => group === '' || group === '*') &&
    Array.isArray(resources) &&
    resources.some((resource) => resource === 'pods' || resource === '*' || resource === '*/*')
  );
}

function concernsWorkloads({ resources }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(resources) && resources.some((resource) => WORKLOADS.has(String(resource)));
}

function nameOf(raw: RawObject): string {
  return String(objectAt(raw, 'metadata').name);
}

function objectsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) : [];
}
