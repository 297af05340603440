import { defineCheck } from '../../domain/check.ts';
import type { FactLookup } from '../../domain/fact.ts';
import { imageUserOf } from '../../domain/image-user.ts';
import { minorVersionOf } from '../../domain/pod-security/standards.ts';
import { fieldPath, type PodContainer, type PodSpec } from '../../domain/pod-spec.ts';
import { type Evidence, failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { judgeContainers, unlessOnLinux, type Workload } from './judge-pods.ts';

const EXPECTED = 'a user other than root';
/** Since then every node that runs pods knows user namespaces, and the standards allow root in them. */
const USER_NAMESPACES = 35;

/** The user that a container really has: its own setting, else the pod's, else the image's. */
export const workloadRunAsNonroot = defineCheck({
  id: 'workload-run-as-nonroot',
  title: 'Kubernetes workloads should run containers as a user other than root',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'HIGH',
  rationale:
    'Root inside a container is the starting point of most container escapes, and it may change every file the container can write.',
  limits:
    'Judges the effective user, which the Pod Security Standards do not: user 1000 without runAsNonRoot passes here. Where neither pod nor container sets a user the image decides; it is looked into where it lies in an ECR registry that is read, else that is UNKNOWN.',
  remediation: {
    text: 'Set runAsNonRoot to true and runAsUser to a number other than 0 in the security context of the pod, and make the files the container needs readable to that user.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  needs: [{ kind: 'image-user', scope: 'scan' }],
  evaluate: (workload, { facts }) =>
    judgeContainers(
      workload,
      (container, { spec }) =>
        unlessOnLinux(spec, 'the Linux user of a container') ?? judgeUser(container, spec, workload, facts),
    ),
});

function judgeUser(container: PodContainer, spec: PodSpec, workload: Workload, facts: FactLookup): Verdict {
  const own = container.securityContext;
  const user = own?.runAsUser ?? spec.securityContext?.runAsUser;
  if ((own?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot) === true) return passed('the kubelet refuses root');
  const path =
    own?.runAsUser === undefined && spec.securityContext?.runAsUser !== undefined
      ? fieldPath(spec, 'securityContext.runAsUser')
      : `${container.path}.securityContext.runAsUser`;
  const evidence = [{ path, observed: user ?? null, expected: EXPECTED }];
  if (user === undefined) return judgeImageUser(container, facts, evidence);
  if (user !== 0) return passed();
  return spec.hostUsers === false ? judgeMappedRoot(workload, evidence) : failed('the user is root', evidence);
}

/** Without a user of the pod or the container the image decides. */
function judgeImageUser({ image, path }: PodContainer, facts: FactLookup, evidence: readonly Evidence[]): Verdict {
  const effective = imageUserOf(image, facts);
  if (!effective.known) return unknownBecause(effective.reason, evidence);
  const { text, isRoot } = effective.value;
  const all = [...evidence, { path: `${path}.effectiveUser`, observed: text ?? 'root', expected: EXPECTED }];
  return isRoot
    ? failed("no user is set, and the image's is root", all)
    : passed('the image sets a user of its own', all);
}

/**
 * Root of a user namespace of the pod's own is nobody on the node, where nodes know such namespaces.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
 */
function judgeMappedRoot({ policyVersion }: Workload, evidence: readonly Evidence[]): Verdict {
  return whenKnown(policyVersion, (version) =>
    (minorVersionOf(version) ?? 0) >= USER_NAMESPACES
      ? passed("root of the pod's own user namespace", evidence)
      : failed('the user is root', evidence, { severity: 'LOW', because: 'in a user namespace of its own' }),
  );
}
