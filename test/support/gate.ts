import type { DemoAccount } from '#demo/server.ts';
import type { RegionState } from '#demo/world/world.ts';

export const REGISTRY = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
/** Of services of the demo account. */
export const VULNERABLE = `${REGISTRY}/tidewater/storefront:latest`;
export const CLEAN = `${REGISTRY}/tidewater/secure-app:v1.2.3`;

export function homeIn({ world }: DemoAccount): RegionState {
  const [region] = world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
}

/** What a service of the demo runs now, taken for what is about to be deployed. */
export function serviceRevisionIn(demo: DemoAccount, service: string) {
  const found = homeIn(demo).ecs.serviceRevisions.find(({ serviceArn }) => serviceArn?.endsWith(`/${service}`));
  if (found === undefined) throw new Error(`the demo has no service ${service}`);
  return found;
}

/** What ECS sends before it deploys a service. */
export function hookEventFor(demo: DemoAccount, service: string) {
  const { serviceArn, serviceRevisionArn } = serviceRevisionIn(demo, service);
  return {
    executionId: 'a1b2c3d4',
    lifecycleStage: 'PRE_SCALE_UP',
    resourceArn: `arn:aws:ecs:us-east-1:111122223333:service-deployment/${service}`,
    executionDetails: { serviceArn, targetServiceRevisionArn: serviceRevisionArn },
  };
}

/** Acts while the scan of the clean image, whose deployment begins now, is under way. */
export async function whileScanIsUnderWay(demo: DemoAccount, act: () => Promise<void>): Promise<void> {
  const { ecr } = homeIn(demo);
  const contents = ecr.repositories.find(({ repository }) => repository.repositoryName === 'tidewater/secure-app');
  const running = serviceRevisionIn(demo, 'secure-app');
  const digest = running.containerImages?.[0]?.imageDigest ?? '';
  const image = contents?.contents?.get(digest);
  if (contents === undefined) throw new Error('the demo has no secure-app');
  const [before, createdAt] = [contents.contents, running.createdAt];
  contents.contents = new Map([
    ...(before ?? []),
    [digest, { ...image, scan: { imageScanStatus: { status: 'IN_PROGRESS' } } } as never],
  ]);
  running.createdAt = new Date();
  try {
    await act();
  } finally {
    contents.contents = before ?? new Map();
    if (createdAt !== undefined) running.createdAt = createdAt;
  }
}
