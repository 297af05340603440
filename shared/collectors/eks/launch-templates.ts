import { DescribeLaunchTemplateVersionsCommand, EC2Client, type LaunchTemplateVersion } from '@aws-sdk/client-ec2';
import pMap from 'p-map';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { EksLaunchTemplate, EksNodegroupConfiguration } from './model.ts';
import { filterBatches } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

type TemplateName = NonNullable<EksNodegroupConfiguration['launchTemplate']>;

/** What EC2 answers for a template or a version that was deleted. */
const GONE = [
  'InvalidLaunchTemplateId.NotFound',
  'InvalidLaunchTemplateId.VersionNotFound',
  'InvalidLaunchTemplateName.NotFoundException',
];

/**
 * The versions of the launch templates that node groups name: one call for each template.
 *
 * @returns a look-up; null for a template that no longer exists
 * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
 */
export async function readLaunchTemplates(
  context: CollectorContext,
  names: readonly TemplateName[],
): Promise<(name: TemplateName) => Observed<EksLaunchTemplate | null>> {
  const client = context.clientFor(EC2Client);
  const versionsByTemplate = new Map<string, { name: TemplateName; versions: Set<string> }>();
  for (const name of names) {
    const entry = versionsByTemplate.get(templateKey(name)) ?? { name, versions: new Set() };
    versionsByTemplate.set(templateKey(name), entry);
    entry.versions.add(versionOf(name));
  }
  const requests = [...versionsByTemplate.entries()].flatMap(([key, { name, versions }]) =>
    filterBatches(versions).map((batch) => ({ key, name, batch })),
  );
  const found = new Map<string, Observed<EksLaunchTemplate | null>>();
  await pMap(
    requests,
    async ({ key, name, batch }) => {
      const answer = await context.readOptional(
        'ec2:DescribeLaunchTemplateVersions',
        GONE,
        () =>
          client.send(
            new DescribeLaunchTemplateVersionsCommand({
              ...(name.id === undefined ? { LaunchTemplateName: name.name } : { LaunchTemplateId: name.id }),
              Versions: [...batch],
            }),
          ),
        { resource: key },
      );
      for (const version of batch) {
        found.set(
          `${key} ${version}`,
          mapObserved(answer, (value) => templateOf(findVersion(value?.LaunchTemplateVersions ?? [], version))),
        );
      }
    },
    { concurrency: 8 },
  );
  return (name) => found.get(`${templateKey(name)} ${versionOf(name)}`) ?? known(null);
}

function templateKey(name: TemplateName): string {
  return name.id ?? name.name ?? '';
}

/** EKS takes the default version where none is named. */
function versionOf(name: TemplateName): string {
  return name.version ?? '$Default';
}

function findVersion(versions: readonly LaunchTemplateVersion[], wanted: string): LaunchTemplateVersion | undefined {
  if (wanted === '$Default') return versions.find(({ DefaultVersion }) => DefaultVersion === true);
  if (wanted !== '$Latest') return versions.find(({ VersionNumber }) => String(VersionNumber) === wanted);
  return [...versions].sort((left, right) => (right.VersionNumber ?? 0) - (left.VersionNumber ?? 0))[0];
}

/** Only the settings that are judged; the user data of a template may hold secrets and goes no further. */
function templateOf(version: LaunchTemplateVersion | undefined): EksLaunchTemplate | null {
  if (version === undefined) return null;
  const { MetadataOptions, SecurityGroupIds, NetworkInterfaces } = version.LaunchTemplateData ?? {};
  const groups = [...(SecurityGroupIds ?? []), ...(NetworkInterfaces ?? []).flatMap(({ Groups }) => Groups ?? [])];
  return {
    metadataOptions: withoutUndefined({
      httpEndpoint: MetadataOptions?.HttpEndpoint,
      httpTokens: MetadataOptions?.HttpTokens,
      hopLimit: MetadataOptions?.HttpPutResponseHopLimit,
    }),
    securityGroupIds: [...new Set(groups)].sort(),
  };
}
