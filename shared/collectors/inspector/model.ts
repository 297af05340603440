import type { Observed } from '../../domain/observed.ts';
import type { ResourceBase } from '../../domain/resource.ts';

/** Amazon Inspector in one account and region. */
export interface InspectorAccount extends ResourceBase<'InspectorAccount'> {
  /** Scanning of ECR images: ENABLED, ENABLING, DISABLED, DISABLING, SUSPENDED, SUSPENDING. */
  readonly ecrScanning: Observed<string>;
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    InspectorAccount: InspectorAccount;
  }
}
