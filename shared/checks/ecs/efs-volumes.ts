import { failed, notApplicable, passed, unknownBecause, type Verdict, worstOf } from '../../domain/verdict.ts';
import { judgeRevisions, type TaskDefinitionFamily, type TaskDefinitionRevision } from './judge-revisions.ts';

type EfsConfiguration = NonNullable<TaskDefinitionRevision['volumes'][number]['efs']>;

/** One switch of an EFS volume, which AWS leaves off where it is not set. */
interface EfsSwitch {
  /** Its path below `efsVolumeConfiguration`. */
  readonly field: string;
  readonly read: (efs: EfsConfiguration) => string | undefined;
  /** The reason when it is off. */
  readonly whenOff: string;
}

/**
 * Judges one switch on all EFS volumes of a family: on passes, off or not set fails, and a value that this version
 * does not know is UNKNOWN.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html
 */
export function judgeEfsVolumes(family: TaskDefinitionFamily, which: EfsSwitch): Verdict {
  return judgeRevisions(family, ({ definition }) =>
    worstOf(
      definition.volumes.flatMap(({ name, efs }) =>
        efs === undefined ? [] : judgeVolume(`volumes[${name}].efsVolumeConfiguration`, efs, which),
      ),
      notApplicable('the task definition has no EFS volumes'),
    ),
  );
}

function judgeVolume(path: string, efs: EfsConfiguration, { field, read, whenOff }: EfsSwitch): Verdict {
  const observed = read(efs);
  const evidence = [{ path: `${path}.${field}`, observed: observed ?? null, expected: 'ENABLED' }];
  if (observed === 'ENABLED') return passed();
  if (observed === undefined || observed === 'DISABLED') return failed(whenOff, evidence);
  return unknownBecause({ kind: 'undecidable', message: `The value of ${field} is not known.` }, evidence);
}
