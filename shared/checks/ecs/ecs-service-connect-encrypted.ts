import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, worstOf } from '../../domain/verdict.ts';

/** Service Connect carries the traffic between services; without TLS it does so in plain text. */
export const ecsServiceConnectEncrypted = defineCheck({
  id: 'ecs-service-connect-encrypted',
  title: 'ECS services should encrypt their Service Connect traffic',
  resourceType: 'AwsEcsService',
  baseSeverity: 'LOW',
  rationale:
    'Traffic between services is readable to whatever gets into the network path unless Service Connect is told to use TLS.',
  limits: 'TLS that the application itself speaks inside Service Connect is not visible.',
  remediation: {
    text: 'Add a tls configuration with a certificate authority of AWS Private CA to each service of the Service Connect configuration.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.3.5'] },
  evaluate: ({ serviceConnect }) => {
    if (serviceConnect?.enabled !== true) return notApplicable('the service does not use Service Connect');
    return worstOf(
      serviceConnect.services.map(({ portName, tls }) =>
        tls
          ? passed()
          : failed('Service Connect traffic is not encrypted', [
              { path: `serviceConnectConfiguration.services[${portName}].tls`, observed: null, expected: 'configured' },
            ]),
      ),
      notApplicable('the service offers nothing through Service Connect'),
    );
  },
});
