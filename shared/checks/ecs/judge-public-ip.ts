import { failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';

/**
 * Judges `assignPublicIp` of an awsvpc configuration. Absent is the default, which is DISABLED.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
 */
export function judgePublicIp(assignPublicIp: string | undefined): Verdict {
  const path = 'networkConfiguration.awsvpcConfiguration.assignPublicIp';
  if (assignPublicIp === undefined || assignPublicIp === 'DISABLED') return passed();
  if (assignPublicIp === 'ENABLED') {
    return failed('tasks get a public IP address', [{ path, observed: assignPublicIp, expected: 'DISABLED' }]);
  }
  return unknownBecause({ kind: 'undecidable', message: `${path} has a value that Hullcheck does not know.` }, [
    { path, observed: assignPublicIp, expected: 'DISABLED' },
  ]);
}
