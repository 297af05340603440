import type { IamAction } from '../../domain/ports.ts';

/** What the gate reads. In other accounts the reading role may all of it. */
export const GATE_READING: readonly IamAction[] = [
  'ecr:BatchGetImage',
  'ecr:DescribeImageScanFindings',
  'ecr:DescribeImageSigningStatus',
  'ecr:DescribeImages',
  'ecr:GetDownloadUrlForLayer',
  'ecr:GetSigningConfiguration',
  'ecr:ListImageReferrers',
  'ecs:DescribeServiceRevisions',
  'ecs:DescribeTaskDefinition',
];

/** How it answers and tells. */
export const GATE_ANSWERING: readonly IamAction[] = [
  'codepipeline:PutJobFailureResult',
  'codepipeline:PutJobSuccessResult',
  'sns:Publish',
];
