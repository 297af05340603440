import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';

/**
 * The public parameters in which AWS publishes the current ECS-optimized AMIs with their agents.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_windows_AMI.html
 */
const PARAMETER_BY_OS: Readonly<Record<string, string>> = {
  linux: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended',
  windows: '/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-ECS_Optimized',
};

const amiMetadata = z.object({ ecs_agent_version: z.string().min(1) });

/**
 * The version of the ECS agent on the AMI that AWS recommends today, by operating system. An operating system for which
 * the region publishes none is left out.
 */
export async function readCurrentAgentVersions(
  context: CollectorContext,
): Promise<Observed<Readonly<Record<string, string>>>> {
  const client = context.clientFor(SSMClient);
  const answer = await context.read('ssm:GetParameters', () =>
    client.send(new GetParametersCommand({ Names: Object.values(PARAMETER_BY_OS) })),
  );
  return mapObserved(answer, ({ Parameters }) => {
    const versions: Record<string, string> = {};
    for (const [os, name] of Object.entries(PARAMETER_BY_OS)) {
      const version = agentVersionIn(Parameters?.find(({ Name }) => Name === name)?.Value);
      if (version !== undefined) versions[os] = version;
    }
    return versions;
  });
}

function agentVersionIn(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return amiMetadata.safeParse(JSON.parse(value)).data?.ecs_agent_version;
  } catch {
    // Not JSON: then it names no version either, and the operating system has no baseline.
    return undefined;
  }
}
