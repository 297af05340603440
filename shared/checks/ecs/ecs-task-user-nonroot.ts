import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { parseContainerUser } from '../../domain/container-user.ts';
import { imageUserOf } from '../../domain/image-user.ts';
import { failed, passed, unknownBecause } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';
import { unlessOnLinux } from './platform.ts';

const EXPECTED = 'a user other than root';

/** The declared user is judged; without one, the image decides, and most images decide for root. */
export const ecsTaskUserNonroot = defineCheck({
  id: 'ecs-task-user-nonroot',
  title: 'ECS task definitions should run Linux containers as a user other than root',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  severityNote:
    'AWS rates ECS.20 Medium. Most ways out of a container start from root inside it, so it is rated as the writable root file system is.',
  rationale:
    'Root inside a container is the starting point of most container escapes, and it may change every file the container can write.',
  limits:
    'Judges what the task definition says. Without a user the image decides; that counts as a failure unless acceptImageUser is set and the image, which is looked into, sets one. Whether a user given by name has the number 0 in the image is not known.',
  remediation: {
    text: 'Set user in every container definition to a number other than 0, for example 1000:1000, and make the files it needs readable to that user.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-20',
  },
  frameworks: { 'aws-fsbp': ['ECS.20'], 'nist-800-190': ['4.4.3'] },
  overlapsWith: ['ECS.20'],
  parameters: z.strictObject({
    acceptImageUser: z
      .boolean()
      .default(false)
      .describe("Accept a container without a user when its image's own user is known not to be root."),
  }),
  needs: [{ kind: 'image-user', scope: 'scan' }],
  evaluate: (family, { parameters, facts }) =>
    judgeContainers(family, (container, path, revision) => {
      const elsewhere = unlessOnLinux(revision, 'the Linux user of a container');
      if (elsewhere) return elsewhere;
      const declared = { path: `${path}.user`, observed: container.user ?? null, expected: EXPECTED };
      const user = parseContainerUser(container.user);
      if (user === undefined) {
        const effective = imageUserOf(container.image, facts);
        // Never "root" where the image could not be read: it may name a user of its own.
        const observed = effective.known ? (effective.value.text ?? 'root') : 'unknown';
        const evidence = [declared, { path: `${path}.effectiveUser`, observed, expected: EXPECTED }];
        if (!parameters.acceptImageUser) return failed('no user is set', evidence);
        if (!effective.known) return unknownBecause(effective.reason, evidence);
        return effective.value.isRoot
          ? failed("no user is set, and the image's is root", evidence)
          : passed('the image sets a user of its own', evidence);
      }
      if (user.isRoot) return failed('the user is root', [declared]);
      if (user.isRootGroup) return passed("the group is root's", [declared]);
      return user.isNamed ? passed('the user name was not resolved to a number', [declared]) : passed();
    }),
});
