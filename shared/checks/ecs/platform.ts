import { type NotApplicable, notApplicable } from '../../domain/verdict.ts';
import type { JudgedRevision } from './judge-revisions.ts';

/** True when nothing but Fargate runs (or may run) the revision; one that also runs on instances is judged as there. */
export function runsOnlyOnFargate(revision: JudgedRevision): boolean {
  return revision.launchTypes.every((type) => type === 'FARGATE');
}

/**
 * The verdict on a setting that only Linux tasks on container instances have (EC2, Managed Instances, external ones),
 * where the revision runs on neither; undefined where it is to be judged.
 *
 * @param setting the setting in words, for the reason
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/windows_task_definitions.html
 */
export function unlessOnLinuxInstances(revision: JudgedRevision, setting: string): NotApplicable | undefined {
  return unlessOnLinux(revision, setting) ?? unlessOnInstances(revision, setting);
}

/** The same for a setting that Fargate has too, but Windows containers have not. */
export function unlessOnLinux(revision: JudgedRevision, setting: string): NotApplicable | undefined {
  return revision.windows ? notApplicable(`Windows containers do not support ${setting}`) : undefined;
}

/** The same for a setting that Windows tasks on instances have too, but tasks on Fargate have not. */
export function unlessOnInstances(revision: JudgedRevision, setting: string): NotApplicable | undefined {
  return runsOnlyOnFargate(revision) ? notApplicable(`Fargate does not support ${setting}`) : undefined;
}
