import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';

/** The feature may be on and the agent missing: what counts is what GuardDuty receives. */
export const guarddutyCoverageHealthy = defineCheck({
  id: 'guardduty-coverage-healthy',
  title: 'GuardDuty runtime coverage of container clusters should be healthy',
  resourceType: 'ClusterRuntimeCoverage',
  baseSeverity: 'MEDIUM',
  rationale:
    'A cluster whose agents are missing, broken or cannot reach GuardDuty looks protected in the settings and is watched by nobody.',
  limits:
    'Pods on Fargate cannot be covered. Tasks that run since before the agent was enabled do not count as unhealthy.',
  remediation: {
    text: 'Follow the issue named in the evidence: enable runtime monitoring with its agent management, let the agent reach its VPC endpoint, or replace tasks and nodes from before.',
    url: 'https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-assessing-coverage.html',
  },
  frameworks: { 'nist-800-190': ['4.4.4'] },
  relatedControls: { 'nist-800-190': ['4.3.5'] },
  evaluate: (cluster) => {
    if (cluster.coverable.known && !cluster.coverable.value) {
      return notApplicable('nothing runs in the cluster that an agent could watch');
    }
    if (!cluster.coverable.known) return unknownBecause(cluster.coverable.reason);
    return whenKnown(cluster.coverage, (coverage) => {
      const path = 'coverage.status';
      if (coverage === null) {
        return failed('GuardDuty does not cover the cluster', [{ path, observed: null, expected: 'HEALTHY' }]);
      }
      const evidence = [
        { path, observed: coverage.status, expected: 'HEALTHY' },
        ...(coverage.issue === undefined ? [] : [{ path: 'coverage.issue', observed: coverage.issue, expected: null }]),
      ];
      switch (coverage.status) {
        case 'HEALTHY':
          return passed();
        case 'UNHEALTHY':
          return failed('GuardDuty runtime coverage of the cluster is unhealthy', evidence);
        default:
          return unknownBecause(
            { kind: 'undecidable', message: 'Runtime coverage has a status that Hullcheck does not know.' },
            evidence,
          );
      }
    });
  },
});
