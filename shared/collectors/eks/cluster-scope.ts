import type { EKSClient } from '@aws-sdk/client-eks';
import type { CollectorContext } from '../../domain/ports.ts';

/** One cluster that is being read. */
export interface ClusterScope {
  readonly context: CollectorContext;
  readonly client: EKSClient;
  readonly clusterName: string;
  readonly options: { readonly cluster: string; readonly resource: string };
}

/** What EKS answers when the cluster, or a part of it, was deleted after it was listed. */
export const GONE: readonly string[] = ['ResourceNotFoundException'];
