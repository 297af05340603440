import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause, type Verdict, worstOf } from '../../domain/verdict.ts';
import { compareVersions } from '../../domain/version.ts';
import type { Service } from './judge-services.ts';

interface Platform {
  readonly path: string;
  readonly version: string;
  readonly family: string | undefined;
}

/** A pinned platform version keeps its kernel and runtime, with whatever was found in them since. */
export const ecsServicePlatformCurrent = defineCheck({
  id: 'ecs-service-platform-current',
  title: 'ECS services on Fargate should run on the latest platform version',
  resourceType: 'AwsEcsService',
  baseSeverity: 'MEDIUM',
  rationale:
    'A Fargate platform version is a kernel and a container runtime; a service pinned to an old one keeps the vulnerabilities that the newer one has fixed.',
  limits: 'The newest version of each operating system is a parameter: AWS has no API that names it.',
  remediation: {
    text: 'Update the service with platformVersion LATEST and force a new deployment.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-10',
  },
  frameworks: { 'aws-fsbp': ['ECS.10'], 'nist-800-190': ['4.4.1'] },
  overlapsWith: ['ECS.10'],
  parameters: z.strictObject({
    latestLinux: z.string().default('1.4.0').describe('The newest Fargate platform version for Linux.'),
    latestWindows: z.string().default('1.0.0').describe('The newest Fargate platform version for Windows.'),
  }),
  evaluate: (service, { parameters }) => {
    if (!service.launchTypes.includes('FARGATE')) return notApplicable('the service does not run on Fargate');
    return worstOf(
      platformsOf(service).map((platform) =>
        judgePlatform(platform, isWindows(platform.family) ? parameters.latestWindows : parameters.latestLinux),
      ),
      // Absent is the default, LATEST.
      passed(),
    );
  },
});

/**
 * What the service asks for, and what its primary deployment got: LATEST is resolved once, when a deployment starts.
 * Deployments that are being replaced are leaving anyway.
 */
function platformsOf(service: Service): readonly Platform[] {
  const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
  const asked = { path: 'platformVersion', version: service.platformVersion, family: service.platformFamily };
  const running = {
    path: 'deployments[PRIMARY].platformVersion',
    version: primary?.platformVersion,
    family: primary?.platformFamily ?? service.platformFamily,
  };
  return [asked, ...(running.version === asked.version ? [] : [running])].filter(
    (platform): platform is Platform => platform.version !== undefined,
  );
}

function judgePlatform({ path, version, family }: Platform, latest: string): Verdict {
  if (version === 'LATEST') return passed();
  const evidence = [{ path, observed: version, expected: latest }];
  const order = compareVersions(version, latest);
  if (order === undefined) {
    return unknownBecause(
      { kind: 'undecidable', message: `A Fargate platform version of ${family ?? 'Linux'} is no version number.` },
      evidence,
    );
  }
  return order >= 0 ? passed() : failed('the Fargate platform version is not the latest', evidence);
}

/** The API answers `Linux`, `Windows` or a whole family name such as `WINDOWS_SERVER_2022_CORE`, in either case. */
function isWindows(family: string | undefined): boolean {
  return family?.toUpperCase().startsWith('WINDOWS') === true;
}
