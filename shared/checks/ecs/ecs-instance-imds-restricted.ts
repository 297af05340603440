import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { type Cluster, isOwnEc2Instance, judgeInstances } from './judge-instances.ts';

type MetadataOptions = Extract<Cluster['instanceMetadata'], { known: true }>['value'][number];

/** The agent's word that awsvpc tasks are kept away from the metadata service (`ECS_AWSVPC_BLOCK_IMDS`). */
const BLOCKS_METADATA = 'ecs.capability.task-eni-block-instance-metadata';

/** The instance's role may pull every image and register as any instance; tasks have roles of their own. */
export const ecsInstanceImdsRestricted = defineCheck({
  id: 'ecs-instance-imds-restricted',
  title: 'ECS clusters should keep tasks away from the metadata service of their instances',
  resourceType: 'AwsEcsCluster',
  baseSeverity: 'HIGH',
  rationale:
    'Whoever breaks into a task can fetch the credentials of its EC2 instance from the metadata service, and with them act as the instance on the whole cluster.',
  limits:
    'The agent setting covers tasks in awsvpc mode; tasks in host mode reach the metadata service whatever is set. Managed and external instances are not judged.',
  remediation: {
    text: 'Set ECS_AWSVPC_BLOCK_IMDS=true in the agent configuration, and require IMDSv2 with a hop limit of 1 in the launch template and on running instances.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html',
  },
  frameworks: {},
  relatedControls: { 'aws-fsbp': ['EC2.8'], 'nist-800-190': ['4.4.2'] },
  evaluate: (cluster) =>
    judgeInstances(cluster, isOwnEc2Instance, 'the cluster has no EC2 instances of its own', (instance, path) => {
      if (instance.attributes.includes(BLOCKS_METADATA)) return passed();
      return whenKnown(cluster.instanceMetadata, (all) =>
        judgeOptions(
          all.find(({ instanceId }) => instanceId === instance.ec2InstanceId),
          `${path}.metadataOptions`,
        ),
      );
    }),
});

function judgeOptions(options: MetadataOptions | undefined, path: string): Verdict {
  if (options?.httpEndpoint === 'disabled') return passed();
  if (options?.httpTokens === 'optional') {
    // The hop limit binds the answers of IMDSv2 only.
    return failed('tasks can reach the metadata service of their instance', [
      { path: `${path}.httpTokens`, observed: 'optional', expected: 'required' },
    ]);
  }
  if (options?.hopLimit !== undefined && options.hopLimit > 1) {
    return failed('tasks can reach the metadata service of their instance', [
      { path: `${path}.httpPutResponseHopLimit`, observed: options.hopLimit, expected: 1 },
    ]);
  }
  if (options?.httpTokens === 'required' && options.hopLimit !== undefined) return passed();
  return unknownBecause(
    { kind: 'undecidable', message: 'The metadata options of a container instance were not all returned.' },
    [{ path, observed: null, expected: 'IMDSv2 with a hop limit of 1' }],
  );
}
