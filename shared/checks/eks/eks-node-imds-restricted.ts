import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';
import type { Nodegroup } from './judge-nodes.ts';

type MetadataOptions = Extract<Nodegroup['nodes'], { known: true }>['value'][number]['metadataOptions'];

/** The credentials of a node open more than those of any pod on it should. */
export const eksNodeImdsRestricted = defineCheck({
  id: 'eks-node-imds-restricted',
  title: 'EKS nodes should keep pods away from their metadata service',
  resourceType: 'AwsEksNodegroup',
  baseSeverity: 'HIGH',
  rationale:
    'Whoever breaks into a pod can fetch the credentials of its node from the metadata service, and with them act as the node: pull images, change network interfaces, read what its role may read.',
  limits:
    'Pods on the host network reach the metadata service whatever the hop limit is. Nodes of Auto Mode and Fargate are not judged: both shut pods out by themselves. With no node running, only a launch template of your own can be judged.',
  remediation: {
    text: 'Set HttpTokens to required and HttpPutResponseHopLimit to 1 in the launch template of the node group and replace its nodes; give pods that need AWS a role by Pod Identity or IRSA.',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html',
  },
  frameworks: {},
  relatedControls: { 'aws-fsbp': ['EC2.8', 'EC2.170'], 'nist-800-190': ['4.4.2'] },
  evaluate: ({ nodes, launchTemplate }) =>
    whenKnown(nodes, (running) => {
      // What runs decides: the options of an instance can be changed after the template made it.
      if (running.length > 0) {
        const settings = distinct(running.map(({ metadataOptions }) => metadataOptions));
        return worstOf(
          settings.map((options) => judgeOptions(options, 'nodes.metadataOptions')),
          nothingSaid(),
        );
      }
      return whenKnown(launchTemplate, (template) =>
        // The defaults depend on the image and have changed: a template that is silent proves nothing.
        template === null ? nothingSaid() : judgeOptions(template.metadataOptions, 'launchTemplate.metadataOptions'),
      );
    }),
});

function judgeOptions(options: MetadataOptions, path: string): Verdict {
  const { httpEndpoint, httpTokens, hopLimit } = options;
  if (httpEndpoint === 'disabled') return passed();
  const reason = 'pods can reach the metadata service of their node';
  if (httpTokens === 'optional') {
    // The hop limit binds the answers of IMDSv2 only.
    return failed(reason, [{ path: `${path}.httpTokens`, observed: httpTokens, expected: 'required' }]);
  }
  if (hopLimit !== undefined && hopLimit > 1) {
    return failed(reason, [{ path: `${path}.httpPutResponseHopLimit`, observed: hopLimit, expected: 1 }]);
  }
  return httpTokens === 'required' && hopLimit === 1 ? passed() : nothingSaid();
}

function nothingSaid(): Verdict {
  return unknownBecause({
    kind: 'undecidable',
    message: 'Neither a running node nor the launch template says how the metadata service is set.',
  });
}

/** Nodes come and go: their settings are the evidence, not their ids. */
function distinct(settings: readonly MetadataOptions[]): readonly MetadataOptions[] {
  const byText = new Map(settings.map((options) => [JSON.stringify(Object.entries(options).sort()), options]));
  return [...byText.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, options]) => options);
}
