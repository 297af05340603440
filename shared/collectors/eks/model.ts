import type { FactBase } from '../../domain/fact.ts';

/** An EKS cluster that exists, and what its nodes are (key: the cluster's ARN). */
export interface EksClusterFact extends FactBase<'eks-cluster'> {
  readonly name: string;
  /** True when it has node groups or self-managed EC2 nodes (not Auto Mode, not Fargate alone). */
  readonly runsOnEc2: boolean;
  readonly runsOnFargate: boolean;
  readonly autoMode: boolean;
}

declare module '../../domain/fact.ts' {
  interface FactByKind {
    'eks-cluster': EksClusterFact;
  }
}
