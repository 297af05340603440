import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient, type ManagedPolicyDetail } from '@aws-sdk/client-iam';
import type { PolicyDocument } from '../../domain/iam-policy.ts';
import { type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { readDocument } from './documents.ts';
import type { RolePolicy } from './model.ts';

/**
 * Reads managed policies, each once.
 *
 * @param known policies that another answer already held
 */
export function managedPolicyReader(
  context: CollectorContext,
  known: ReadonlyMap<string, ManagedPolicyDetail> = new Map(),
): (arn: string) => Promise<RolePolicy> {
  const read = new Map<string, Promise<RolePolicy>>();
  return (arn) => {
    const earlier = read.get(arn);
    if (earlier !== undefined) return earlier;
    const policy = readManaged(context, arn, known.get(arn));
    read.set(arn, policy);
    return policy;
  };
}

async function readManaged(
  context: CollectorContext,
  arn: string,
  detail: ManagedPolicyDetail | undefined,
): Promise<RolePolicy> {
  const name = arn.split('/').at(-1) ?? arn;
  const current = detail?.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true)?.Document;
  const document = current === undefined ? await currentVersion(context, arn) : readDocument(current);
  return { kind: 'managed', name, arn, document };
}

async function currentVersion(context: CollectorContext, arn: string): Promise<Observed<PolicyDocument>> {
  const client = context.clientFor(IAMClient);
  const policy = await context.read('iam:GetPolicy', () => client.send(new GetPolicyCommand({ PolicyArn: arn })), {
    resource: arn,
  });
  if (!policy.known) return policy;
  const { DefaultVersionId: version } = policy.value.Policy ?? {};
  if (version === undefined) return undecidable('IAM did not say which version of the policy is the default.');
  const answer = await context.read(
    'iam:GetPolicyVersion',
    () => client.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version })),
    { resource: arn },
  );
  return answer.known ? readDocument(answer.value.PolicyVersion?.Document) : answer;
}
