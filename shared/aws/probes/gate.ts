import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { NO_UUID, type PermissionProbe } from './probe.ts';

/** Of a job that does not exist: nobody gets an answer. */
const refusals = ['JobNotFoundException', 'InvalidJobStateException'];

/** @see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutJobSuccessResult.html */
export const gateProbes = {
  'codepipeline:PutJobFailureResult': {
    call: ({ clientFor }) =>
      clientFor(CodePipelineClient).send(
        new PutJobFailureResultCommand({
          jobId: NO_UUID,
          failureDetails: { type: 'JobFailed', message: 'tries the permission' },
        }),
      ),
    refusals,
  },
  'codepipeline:PutJobSuccessResult': {
    call: ({ clientFor }) => clientFor(CodePipelineClient).send(new PutJobSuccessResultCommand({ jobId: NO_UUID })),
    refusals,
  },
} as const satisfies Record<string, PermissionProbe>;
