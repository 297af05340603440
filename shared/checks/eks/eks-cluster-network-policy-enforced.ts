import { defineCheck } from '../../domain/check.ts';
import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { type Evidence, failed, notApplicable, passed, unknownBecause } from '../../domain/verdict.ts';
import { compareVersions } from '../../domain/version.ts';
import { SEEN_INSIDE, seenInside } from './seen-inside.ts';

type Cluster = ResourceByType['AwsEksCluster'];

/** The first version of the VPC CNI whose agent enforces network policies. */
const ENFORCES_SINCE = '1.14';

/** The API server accepts NetworkPolicy objects whether or not anything enforces them. */
export const eksClusterNetworkPolicyEnforced = defineCheck({
  id: 'eks-cluster-network-policy-enforced',
  title: 'EKS clusters should have an engine that enforces network policies',
  resourceType: 'AwsEksCluster',
  needs: SEEN_INSIDE,
  baseSeverity: 'HIGH',
  rationale:
    'Without an engine NetworkPolicy objects have no effect: every pod reaches every other, and those who wrote the policies believe that it does not.',
  limits:
    'From outside only the VPC CNI add-on can be seen: Auto Mode, a self-managed CNI, Calico and Cilium show inside the cluster. Windows nodes and pods on the host network are bound by no policy.',
  remediation: {
    text: 'Set enableNetworkPolicy to "true" in the configuration of the VPC CNI add-on (1.14 or later), switch the network policy controller of Auto Mode on, or install an engine such as Calico or Cilium.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.4.4'], 'nist-800-190': ['4.3.3'] },
  relatedControls: { 'cis-eks-1.8.0': ['4.3.1'] },
  evaluate: (resource, { facts }) => {
    const cluster = seenInside(resource, facts);
    const fargateOnly = runsOnFargateOnly(cluster);
    if (fargateOnly.known && fargateOnly.value) {
      return notApplicable('the cluster runs on Fargate only, where network policies have no effect');
    }
    const cni = enforcedByVpcCni(cluster);
    if (!fargateOnly.known) return unknownBecause(fargateOnly.reason, cni.evidence);
    // Nodes of Auto Mode take no notice of the add-on. EKS puts back what somebody else changes of an add-on's settings.
    if (cni.enforced.known && cni.enforced.value && !cluster.autoMode) return passed(undefined, cni.evidence);
    const engines = cluster.networkPolicyEngines;
    if (engines.known && engines.value.length > 0) {
      return passed(
        undefined,
        engines.value.map(({ name, seenAs }) => ({
          path: 'networkPolicyEngine',
          observed: `${name} (${seenAs})`,
          expected: 'any',
        })),
      );
    }
    if (!cluster.autoMode && !cni.enforced.known) return unknownBecause(cni.enforced.reason, cni.evidence);
    if (!engines.known) {
      // A denied look inside says more than "it was not looked at".
      if (engines.reason.kind === 'unreadable') return unknownBecause(engines.reason, cni.evidence);
      const { reason } = undecidable(
        cluster.autoMode
          ? 'Whether Auto Mode enforces network policies can only be seen inside the cluster.'
          : 'The VPC CNI add-on does not enforce network policies; whether another engine does can only be seen inside the cluster.',
      );
      return unknownBecause(reason, cni.evidence);
    }
    return failed('nothing enforces network policies', [
      ...cni.evidence,
      { path: 'networkPolicyEngine', observed: null, expected: 'an engine such as the VPC CNI, Calico or Cilium' },
    ]);
  },
});

/** Whether the add-on proves enforcement, with what was seen of it. */
function enforcedByVpcCni({ addons }: Cluster): { enforced: Observed<boolean>; evidence: readonly Evidence[] } {
  if (!addons.known) return { enforced: addons, evidence: [] };
  const addon = addons.value.find(({ name }) => name === 'vpc-cni');
  if (addon === undefined) return { enforced: known(false), evidence: [] };
  if (!addon.details.known) return { enforced: addon.details, evidence: [] };
  const { version, status, networkPolicy } = addon.details.value;
  const age = version === undefined ? undefined : compareVersions(version, ENFORCES_SINCE);
  const setting = networkPolicy ?? undecidable('The configuration of the VPC CNI add-on was not read.');
  const evidence: Evidence[] = [
    { path: 'addons[vpc-cni].version', observed: version ?? null, expected: `${ENFORCES_SINCE} or later` },
    {
      path: 'addons[vpc-cni].configurationValues.enableNetworkPolicy',
      observed: setting.known ? setting.value.enabled : null,
      expected: true,
    },
  ];
  // One of them is enough to prove that the add-on does not enforce.
  if (status === 'CREATE_FAILED' || (age !== undefined && age < 0)) return { enforced: known(false), evidence };
  if (!setting.known) return { enforced: setting, evidence };
  if (!setting.value.enabled) return { enforced: known(false), evidence };
  if (age === undefined) return { enforced: undecidable('The version of the VPC CNI add-on is not known.'), evidence };
  return { enforced: known(true), evidence };
}

function runsOnFargateOnly(cluster: Cluster): Observed<boolean> {
  const { autoMode, hybridNodes, fargateProfiles, nodegroups, selfManagedGroups } = cluster;
  if (autoMode || hybridNodes) return known(false);
  if (fargateProfiles.known && fargateProfiles.value.length === 0) return known(false);
  for (const groups of [nodegroups, selfManagedGroups]) {
    if (groups.known && groups.value.length > 0) return known(false);
  }
  for (const listing of [fargateProfiles, nodegroups, selfManagedGroups]) {
    if (!listing.known) return listing;
  }
  return known(true);
}
