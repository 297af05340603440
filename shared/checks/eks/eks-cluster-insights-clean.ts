import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause, whenKnown, worstOf } from '../../domain/verdict.ts';

/** EKS looks at the audit log and the cluster itself; what it found costs nothing to read. */
export const eksClusterInsightsClean = defineCheck({
  id: 'eks-cluster-insights-clean',
  title: 'EKS clusters should have no open cluster insights',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'An open insight stands in the way of the next upgrade, and a cluster that cannot be upgraded ends up without security patches.',
  limits: 'Insights about the readiness for a rollback are left out: they say nothing about what runs.',
  remediation: {
    text: 'Open the insight in the EKS console or with eks:DescribeInsight and follow its recommendation before the next upgrade.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html',
  },
  frameworks: {},
  evaluate: ({ insights }) =>
    whenKnown(insights, (all) =>
      worstOf(
        all
          .filter(({ category }) => category !== 'ROLLBACK_READINESS')
          .map(({ name, kubernetesVersion, status }) => {
            const path = `insights[${name}]${kubernetesVersion === undefined ? '' : `[${kubernetesVersion}]`}.status`;
            const evidence = [{ path, observed: status ?? null, expected: 'PASSING' }];
            if (status === 'PASSING') return passed();
            if (status === 'ERROR' || status === 'WARNING') return failed('cluster insights are open', evidence);
            return unknownBecause(
              { kind: 'undecidable', message: 'EKS could not tell the state of an insight.' },
              evidence,
            );
          }),
        notApplicable('EKS has no insights about the cluster'),
      ),
    ),
});
