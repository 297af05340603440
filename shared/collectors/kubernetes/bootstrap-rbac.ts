import type { RbacRule, RbacSubject } from './model.ts';
import { isBootstrap, type RoleBindingObject } from './read-rbac.ts';

const SCHEDULER = 'User system:kube-scheduler';
const CONTROLLER_MANAGER = 'User system:kube-controller-manager';
const AUTHENTICATED = 'Group system:authenticated';

/**
 * Whom Kubernetes binds to which of its roles. The label alone proves nothing: whoever may write a binding may put it
 * on, and the API server keeps subjects that somebody added to a binding of its own.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['Group system:masters'],
  'extension-apiserver-authentication-reader': [CONTROLLER_MANAGER, SCHEDULER],
  'system::leader-locking-kube-controller-manager': [
    CONTROLLER_MANAGER,
    'ServiceAccount kube-system/kube-controller-manager',
  ],
  'system::leader-locking-kube-scheduler': [SCHEDULER, 'ServiceAccount kube-system/kube-scheduler'],
  'system:basic-user': [AUTHENTICATED],
  'system:coredns': ['ServiceAccount kube-system/coredns'],
  'system:discovery': [AUTHENTICATED],
  'system:kube-controller-manager': [CONTROLLER_MANAGER],
  'system:kube-dns': ['ServiceAccount kube-system/kube-dns'],
  'system:kube-scheduler': [SCHEDULER],
  'system:monitoring': ['Group system:monitoring'],
  'system:node-proxier': ['User system:kube-proxy'],
  'system:public-info-viewer': [AUTHENTICATED, 'Group system:unauthenticated'],
  'system:service-account-issuer-discovery': ['Group system:serviceaccounts'],
  'system:volume-scheduler': [SCHEDULER],
};

/** Each controller of the control plane has an account of its own name. */
const CONTROLLER = 'system:controller:';

/** Roles that whole groups of strangers hold. The API server keeps rules that somebody added to them. */
const FOR_EVERYBODY: ReadonlySet<string> = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);

/**
 * Whether a binding is one that Kubernetes itself makes, and still gives what it gave.
 *
 * @param rules of its role, where they are known
 */
export function isDefaultBinding(
  { metadata, roleName, subjects }: Pick<RoleBindingObject, 'metadata' | 'roleName' | 'subjects'>,
  rules: readonly RbacRule[] | undefined,
): boolean {
  if (!isBootstrap(metadata)) return false;
  const expected = roleName.startsWith(CONTROLLER)
    ? [`ServiceAccount kube-system/${roleName.slice(CONTROLLER.length)}`]
    : Object.hasOwn(SUBJECTS, roleName)
      ? SUBJECTS[roleName]
      : [];
  if (!subjects.every((subject) => expected?.includes(nameOf(subject)))) return false;
  return !FOR_EVERYBODY.has(roleName) || (rules ?? []).every(isHarmless);
}

function nameOf({ kind, namespace, name }: RbacSubject): string {
  return kind === 'ServiceAccount' ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

/** Reading what the API server offers, and asking about oneself. */
function isHarmless({ resources, verbs }: RbacRule): boolean {
  if (resources.length === 0) return verbs.every((verb) => verb === 'get');
  return resources.every((resource) => /^selfsubject[a-z]*reviews$/.test(resource));
}
