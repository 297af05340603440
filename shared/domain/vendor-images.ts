import { ecrLocationOf, type ImageReference } from './image-reference.ts';

/** The date on which the list below was last read from its sources. */
export const VENDOR_IMAGES_VERSION = '2026-11-23';

/** An image that AWS publishes for use beside an application. */
interface VendorImage {
  readonly purpose: 'log-router' | 'telemetry-agent' | 'proxy';
  /** Repositories outside private ECR, as `registry/repository`. */
  readonly repositories: readonly string[];
  /** Private ECR repositories in accounts of AWS, as `account/repository`; the same in all regions. */
  readonly ecrRepositories?: readonly string[];
  readonly source: string;
}

/**
 * Images of AWS's own sidecars. Aliases of ECR Public are given to verified owners, so the name proves the publisher.
 * Docker Hub copies are left out: whoever relies on them names them in the check's parameter.
 */
export const VENDOR_IMAGES: readonly VendorImage[] = [
  {
    purpose: 'log-router',
    repositories: ['public.ecr.aws/aws-observability/aws-for-fluent-bit'],
    ecrRepositories: [
      '906394416424/aws-for-fluent-bit',
      '449074385750/aws-for-fluent-bit',
      '741863432321/aws-for-fluent-bit',
      '128054284489/aws-for-fluent-bit',
      '161423150738/aws-for-fluent-bit',
    ],
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-using-fluentbit.html',
  },
  {
    purpose: 'telemetry-agent',
    repositories: ['public.ecr.aws/aws-observability/aws-otel-collector'],
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/application-metrics-cloudwatch.html',
  },
  {
    purpose: 'telemetry-agent',
    repositories: ['public.ecr.aws/cloudwatch-agent/cloudwatch-agent'],
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/deploy_servicelens_CloudWatch_agent_deploy_ECS.html',
  },
  {
    purpose: 'telemetry-agent',
    repositories: ['public.ecr.aws/xray/aws-xray-daemon'],
    source: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon-ecs.html',
  },
  {
    purpose: 'proxy',
    repositories: ['public.ecr.aws/appmesh/aws-appmesh-envoy'],
    ecrRepositories: ['840364872350/aws-appmesh-envoy'],
    source: 'https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html',
  },
];

/** The vendor's entry for an image, by where it is pulled from and never by what anyone called the container. */
export function vendorImageOf(reference: ImageReference): VendorImage | undefined {
  const name = `${reference.registry}/${reference.repository}`;
  const ecr = ecrLocationOf(reference);
  const ecrName = ecr && `${ecr.accountId}/${ecr.repository}`;
  return VENDOR_IMAGES.find(
    (image) => image.repositories.includes(name) || (ecrName && image.ecrRepositories?.includes(ecrName)),
  );
}
