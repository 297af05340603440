import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';
import { isOwnEc2Instance, judgeInstances } from './judge-instances.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** An instance is as patched as the image it was started from. */
export const ecsInstanceAmiCurrent = defineCheck({
  id: 'ecs-instance-ami-current',
  title: 'ECS clusters should run their instances from recent machine images',
  resourceType: 'AwsEcsCluster',
  baseSeverity: 'MEDIUM',
  rationale:
    'Container instances are replaced, not patched: one that was started from an old image keeps the kernel, runtime and agent vulnerabilities of that day, for every task on it.',
  limits:
    'Judges the creation date of the image, not packages that were updated on the instance later. Managed and external instances are not judged.',
  remediation: {
    text: 'Point the launch template to the current ECS-optimized AMI (its id is a public SSM parameter) and refresh the instances of the Auto Scaling group.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html',
  },
  frameworks: { 'nist-800-190': ['4.4.1', '4.5.3'] },
  parameters: z.strictObject({
    maxAgeDays: z.number().int().positive().default(90).describe('How many days old a machine image may be.'),
  }),
  evaluate: (cluster, { now, parameters }) => {
    const oldest = new Date(now.getTime() - parameters.maxAgeDays * DAY_MS);
    return judgeInstances(cluster, isOwnEc2Instance, 'the cluster has no EC2 instances of its own', (instance, path) =>
      whenKnown(cluster.instanceAmis, (amis) => {
        const ami = amis.find(({ amiId }) => amiId === instance.amiId);
        const expected = `created in the last ${parameters.maxAgeDays} days`;
        const createdAt = Date.parse(ami?.createdAt ?? '');
        if (Number.isNaN(createdAt)) {
          return unknownBecause(
            { kind: 'undecidable', message: 'The creation date of a machine image is not known: it may be deleted.' },
            [{ path: `${path}.imageId`, observed: instance.amiId ?? null, expected }],
          );
        }
        if (createdAt >= oldest.getTime()) return passed();
        return failed('a container instance runs from an old machine image', [
          { path: `${path}.image[${instance.amiId}].creationDate`, observed: ami?.createdAt ?? null, expected },
        ]);
      }),
    );
  },
});
