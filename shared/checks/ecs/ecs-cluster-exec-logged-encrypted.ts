import { defineCheck } from '../../domain/check.ts';
import { type Evidence, failed, notApplicable, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';
import type { Cluster } from './judge-instances.ts';

type ExecuteCommand = NonNullable<Cluster['executeCommand']>;

const PATH = 'configuration.executeCommandConfiguration';

/** What somebody typed into a production container has to be on record, and readable to few. */
export const ecsClusterExecLoggedEncrypted = defineCheck({
  id: 'ecs-cluster-exec-logged-encrypted',
  title: 'ECS clusters should log and encrypt ECS Exec sessions',
  resourceType: 'AwsEcsCluster',
  baseSeverity: 'MEDIUM',
  rationale:
    'A shell in a production container whose commands are not recorded leaves no trace of what was done or read; recorded without a key, it shows what was read to everyone who may read logs.',
  limits:
    'Not applicable where no service has ECS Exec on: tasks started by RunTask with ECS Exec are not seen. Encryption of the log group or bucket itself is not read; the flags that make ECS Exec insist on it are.',
  remediation: {
    text: 'Set logging of the executeCommandConfiguration to OVERRIDE with a log group or bucket, switch encryption of that destination on, and name a KMS key for the session.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.5.4'] },
  evaluate: (cluster) => {
    const configured = judgeConfiguration(cluster.executeCommand ?? {});
    if (configured.status === 'PASSED') return configured;
    if (!cluster.servicesWithExec.known) return unknownBecause(cluster.servicesWithExec.reason);
    if (cluster.servicesWithExec.value.length === 0) return notApplicable('no service of the cluster has ECS Exec on');
    return configured;
  },
});

function judgeConfiguration(configuration: ExecuteCommand): Verdict {
  const logging = configuration.logging ?? 'DEFAULT';
  const evidence: Evidence[] = [{ path: `${PATH}.logging`, observed: logging, expected: 'OVERRIDE' }];
  switch (logging) {
    case 'NONE':
      return failed('ECS Exec sessions are not logged', evidence);
    case 'DEFAULT':
      return failed('ECS Exec sessions are logged only where the task itself logs to CloudWatch Logs', evidence);
    case 'OVERRIDE':
      return judgeDestinations(configuration);
    default:
      return unknownBecause(
        { kind: 'undecidable', message: `${PATH}.logging has a value that Hullcheck does not know.` },
        evidence,
      );
  }
}

function judgeDestinations(configuration: ExecuteCommand): Verdict {
  const destinations = [
    {
      name: configuration.cloudWatchLogGroup,
      encrypted: configuration.cloudWatchEncryptionEnabled,
      flag: 'cloudWatchEncryptionEnabled',
    },
    { name: configuration.s3Bucket, encrypted: configuration.s3EncryptionEnabled, flag: 's3EncryptionEnabled' },
  ].filter(({ name }) => name !== undefined && name !== '');
  if (destinations.length === 0) {
    return failed('ECS Exec sessions are not logged', [
      { path: `${PATH}.logConfiguration`, observed: null, expected: 'a log group or a bucket' },
    ]);
  }
  const plain = destinations
    .filter(({ encrypted }) => encrypted !== true)
    .map(({ encrypted, flag }) => ({
      path: `${PATH}.logConfiguration.${flag}`,
      observed: encrypted ?? null,
      expected: true,
    }));
  if (plain.length > 0) return failed('ECS Exec logs are not encrypted', plain);
  if (configuration.kmsKeyId !== undefined && configuration.kmsKeyId !== '') return passed();
  return failed('ECS Exec sessions are not encrypted with a KMS key', [
    { path: `${PATH}.kmsKeyId`, observed: null, expected: 'a KMS key' },
  ]);
}
