import type { Framework } from '../domain/framework.ts';

/**
 * The requirements of PCI DSS that the documentation of AWS names beside its controls for ECR, ECS, EKS, GuardDuty,
 * Inspector and the hosts of containers. The standard is licensed: the titles here are Hullcheck's own words.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/pci-standard.html
 */
export const pciDss401: Framework = {
  id: 'pci-dss-4.0.1',
  name: 'PCI DSS',
  version: '4.0.1',
  sourceUrl: 'https://www.pcisecuritystandards.org/document_library/',
  subset:
    'A mapped subset: only requirements that AWS names beside controls about containers. It is no assessment of PCI DSS.',
  relatedOnly: true,
  requirements: [
    {
      id: '1.4.4',
      title: 'Systems with card data are not reachable from untrusted networks',
      through: ['ECS.2', 'ECS.16', 'EKS.1'],
    },
    { id: '2.2.6', title: 'System security parameters are set to prevent misuse', through: ['EC2.8'] },
    { id: '6.2.3', title: 'Own software is reviewed before release', through: ['ECR.1'] },
    { id: '6.2.4', title: 'Common attacks on software are prevented during development', through: ['ECR.1'] },
    { id: '6.3.3', title: 'Security updates are installed in time', through: ['ECS.10'] },
    { id: '8.3.2', title: 'Authentication secrets are made unreadable in storage and transit', through: ['EKS.3'] },
    { id: '8.6.2', title: 'Passwords of system accounts stand in no scripts and files', through: ['ECS.8'] },
    { id: '10.2.1', title: 'Audit logs are switched on', through: ['EKS.8'] },
    { id: '11.3.1', title: 'Internal vulnerability scans take place regularly', through: ['Inspector.2'] },
    { id: '11.5.1', title: 'Intrusions are detected', through: ['GuardDuty.1', 'GuardDuty.5', 'GuardDuty.7'] },
    { id: '12.3.4', title: 'The technologies in use are reviewed and still supported', through: ['EKS.2'] },
    {
      id: '12.10.1',
      title: 'A plan for incidents is ready',
      byHand: 'Read the incident response plan and confirm that alerts about containers reach the people it names.',
    },
  ],
};
