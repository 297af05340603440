import { defineCheck } from '../../domain/check.ts';
import {
  type Evidence,
  failed,
  notApplicable,
  passed,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';
import { isDeployedByEcs, isRollingOut, type Service } from './judge-services.ts';

type Task = Extract<Service['runningTasks'], { known: true }>['value'][number];
type CurrentRevision = Extract<Service['currentRevision'], { known: true }>['value'];

/** What runs should be what was deployed. */
export const ecsServiceTasksCurrent = defineCheck({
  id: 'ecs-service-tasks-current',
  title: 'ECS services should run the revision and the images that were deployed last',
  resourceType: 'AwsEcsService',
  baseSeverity: 'LOW',
  rationale:
    'Tasks of an older revision or with another image digest than the service deploys keep what the newer one fixed, and make what was reviewed differ from what runs.',
  limits:
    'Tasks of any deployment that ECS still counts as live are current. Digests are compared only when no rollout is going on, and only for containers that the deployed revision names.',
  remediation: {
    text: 'Force a new deployment of the service; if old tasks stay, look for a deployment that does not finish.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-console-v2.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.2.2', '4.4.5'] },
  evaluate: (service) => {
    if (!isDeployedByEcs(service)) return notApplicable('ECS does not deploy the revisions of the service');
    return whenKnown(service.runningTasks, (tasks) =>
      tasks.length === 0
        ? notApplicable('the service runs no task')
        : worstOf([judgeRevisions(service, tasks), judgeDigests(service, tasks)], passed()),
    );
  },
});

function judgeRevisions(service: Service, tasks: readonly Task[]): Verdict {
  const live = new Set(service.deployments.map((deployment) => deployment.taskDefinitionArn));
  if (service.taskDefinitionArn !== undefined) live.add(service.taskDefinitionArn);
  const stray = distinct(tasks.map((task) => task.taskDefinitionArn).filter((arn) => !live.has(arn)));
  if (stray.length === 0) return passed();
  return failed(
    'running tasks are of a revision that is not deployed any more',
    stray.map((arn) => ({
      path: 'tasks.taskDefinitionArn',
      observed: arn,
      expected: service.taskDefinitionArn ?? null,
    })),
  );
}

/** During a rollout two sets of tasks may rightly differ, even of the same revision. */
function judgeDigests(service: Service, tasks: readonly Task[]): Verdict {
  if (isRollingOut(service)) return passed();
  return whenKnown(service.currentRevision, (revision) => {
    const evidence = differingDigests(revision, tasks);
    return evidence.length === 0 ? passed() : failed('running tasks have another image than was deployed', evidence);
  });
}

/** Only containers that the revision names: GuardDuty and Service Connect add some of their own to tasks. */
function differingDigests(revision: CurrentRevision, tasks: readonly Task[]): readonly Evidence[] {
  const evidence: Evidence[] = [];
  for (const { containerName, imageDigest } of revision?.containerImages ?? []) {
    const running = distinct(
      tasks
        .filter((task) => task.taskDefinitionArn === (revision?.taskDefinitionArn ?? task.taskDefinitionArn))
        .flatMap((task) => task.containers.filter(({ name }) => name === containerName))
        .flatMap((container) => container.imageDigest ?? []),
    );
    // Where ECS resolved no digest, tasks can still differ among themselves.
    const deployed = imageDigest ?? (running.length === 1 ? running[0] : undefined);
    for (const digest of running.filter((candidate) => candidate !== deployed)) {
      evidence.push({
        path: `tasks.containers[${containerName}].imageDigest`,
        observed: digest,
        expected: deployed ?? 'one digest in all tasks',
      });
    }
  }
  return evidence;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
