import { type Framework, requirementsNamedBy } from '../domain/framework.ts';
import { awsFsbp } from './aws-fsbp.ts';
import { awsSecurityHub } from './aws-security-hub.ts';

/**
 * The requirements of PCI DSS that the documentation of AWS names beside its controls for ECR, ECS, EKS, GuardDuty,
 * Inspector and the hosts of containers. The standard is licensed: the titles here are Hullcheck's own words. What AWS
 * names beside each stands with the control of AWS.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/pci-standard.html
 */
export const pciDss401: Framework = {
  id: 'pci-dss-4.0.1',
  name: 'PCI DSS',
  version: '4.0.1',
  sourceUrl: 'https://www.pcisecuritystandards.org/document_library/',
  subset:
    'A mapped subset: only requirements that AWS names beside its own controls about containers and their hosts ("through"). Left out of these: 8.3.2, which AWS names beside EKS.3 only, a control that it retires. It is no assessment of PCI DSS.',
  relatedOnly: true,
  requirements: requirementsNamedBy([...awsFsbp.requirements, ...awsSecurityHub.requirements], 'pci-dss-4.0.1', {
    '1.3.1': 'Traffic into the card data environment is restricted',
    '1.4.4': 'Systems with card data are not reachable from untrusted networks',
    '2.2.6': 'System security parameters are set to prevent misuse',
    '6.2.3': 'Own software is reviewed before release',
    '6.2.4': 'Common attacks on software are prevented during development',
    '6.3.3': 'Security updates are installed in time',
    '8.6.2': 'Passwords of system accounts stand in no scripts and files',
    '10.2.1': 'Audit logs are switched on',
    '11.3.1': 'Internal vulnerability scans take place regularly',
    '11.5.1': 'Intrusions are detected',
    '12.3.4': 'The technologies in use are reviewed and still supported',
  }),
};
