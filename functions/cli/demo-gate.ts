import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type Deployment, sdkConfig } from '#demo/deployment.ts';
import type { DemoAccount } from '#demo/server.ts';
import type { GateRecord } from '#shared/domain/gate.ts';
import { DEMO_REGIONS } from './demo-deployment.ts';
import type { Say } from './demo-tell.ts';

const SCAN_RESULTS = 'ecr:DescribeImageScanFindings';

/**
 * ECS asks the gate before it starts the first task of a deployment: of a service with a vulnerable image, of one
 * with a clean image, and of the same where the gate may not see what the scans have found.
 */
export async function askGate(demo: DemoAccount, deployment: Deployment, say: Say): Promise<void> {
  const ask = async (service: string, where: string) => {
    const status = await answerOf(demo, deployment, service);
    say(`   ${service}${where}: ${status}`);
    say(`     ${await lastWord(demo, deployment)}`);
  };
  await ask('storefront', '');
  await ask('secure-app', '');
  const unblind = demo.faults.add(SCAN_RESULTS, { kind: 'deny', because: 'no-identity-policy' });
  await ask('secure-app', `, where the gate may not call ${SCAN_RESULTS}`);
  unblind();
}

async function answerOf(demo: DemoAccount, { functions }: Deployment, service: string): Promise<string> {
  const [region] = demo.world.accounts[0]?.regions ?? [];
  const revision = region?.ecs.serviceRevisions.findLast(({ serviceArn }) => serviceArn?.endsWith(`/${service}`));
  const { serviceArn, serviceRevisionArn } = revision ?? {};
  const answer = await functions.gate.invoke({
    lifecycleStage: 'PRE_SCALE_UP',
    resourceArn: serviceArn?.replace(':service/', ':service-deployment/'),
    executionDetails: { serviceArn, targetServiceRevisionArn: serviceRevisionArn },
  });
  return (answer as { readonly hookStatus: string }).hookStatus;
}

/** The sentence of the decision that was written down last. */
async function lastWord(demo: DemoAccount, { reportBucket: Bucket }: Deployment): Promise<string> {
  const client = new S3Client(sdkConfig(demo, DEMO_REGIONS[0]));
  try {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'gates/' }));
    const Key = Contents.flatMap((object) => object.Key ?? [])
      .sort()
      .at(-1);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (JSON.parse((await Body?.transformToString()) ?? '') as GateRecord).says;
  } finally {
    client.destroy();
  }
}
