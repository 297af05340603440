import { type Addon, DescribeAddonCommand, paginateListAddons } from '@aws-sdk/client-eks';
import { parse } from 'yaml';
import { z } from 'zod';
import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import type { EksAddon, EksAddonDetails, EksVpcCniNetworkPolicy } from './model.ts';
import { readEach, readOptionalList, whenPresent } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The two settings of the VPC CNI that say whether, and how, NetworkPolicy objects are enforced. */
const vpcCniConfiguration = z.object({
  enableNetworkPolicy: z.union([z.string(), z.boolean()]).optional(),
  env: z.object({ NETWORK_POLICY_ENFORCING_MODE: z.string().optional() }).nullish(),
});

/** The add-ons EKS manages in a cluster, by name; null when the cluster is gone. */
export async function readAddons(scope: ClusterScope): Promise<Observed<readonly EksAddon[] | null>> {
  const { context, client, clusterName, options } = scope;
  const names = await readOptionalList(
    context,
    'eks:ListAddons',
    GONE,
    () => paginateListAddons({ client, pageSize: 100 }, { clusterName }),
    (page) => page.addons,
    options,
  );
  return whenPresent(names, (listed) => readEach([...listed].sort(), (name) => readAddon(scope, name)));
}

async function readAddon(
  { context, client, clusterName, options }: ClusterScope,
  name: string,
): Promise<EksAddon | null> {
  const answer = await context.readOptional(
    'eks:DescribeAddon',
    GONE,
    () => client.send(new DescribeAddonCommand({ clusterName, addonName: name })),
    options,
  );
  if (answer.known && answer.value === null) return null;
  return { name, details: mapObserved(answer, (described) => detailsOf(name, described?.addon)) };
}

function detailsOf(name: string, addon: Addon | undefined): EksAddonDetails {
  return {
    ...withoutUndefined({ version: addon?.addonVersion, status: addon?.status }),
    issueCodes: [...new Set(addon?.health?.issues?.map(({ code }) => code ?? 'Unspecified'))].sort(),
    ...(name === 'vpc-cni' ? { networkPolicy: networkPolicyOf(addon?.configurationValues) } : {}),
  };
}

/**
 * Reads the network policy settings out of the VPC CNI's configuration. Everything else in it is dropped here.
 *
 * @param configurationValues JSON or YAML; absent where every value is the default, which is off
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
 */
export function networkPolicyOf(configurationValues: string | undefined): Observed<EksVpcCniNetworkPolicy> {
  if (configurationValues === undefined || configurationValues.trim() === '') return known({ enabled: false });
  const parsed = vpcCniConfiguration.safeParse(parseYaml(configurationValues));
  if (!parsed.success) return undecidable('The configuration of the VPC CNI add-on is neither JSON nor YAML.');
  const { enableNetworkPolicy, env } = parsed.data;
  const mode = env?.NETWORK_POLICY_ENFORCING_MODE;
  // Any other text is no mode, and nobody knows what it is.
  const enforcingMode = mode === 'standard' || mode === 'strict' ? mode : undefined;
  return known({
    enabled: String(enableNetworkPolicy).toLowerCase() === 'true',
    ...withoutUndefined({ enforcingMode }),
  });
}

/** YAML 1.2 contains JSON; undefined for a text that is neither, which no schema accepts. */
function parseYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    // The parser's message quotes the text, which may hold a secret.
    return undefined;
  }
}
