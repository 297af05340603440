import type { Framework } from '../domain/framework.ts';

const PUBLIC = ['ECS.2', 'EKS.1'];
const LEAST = ['ECS.4', 'ECS.5'];
const CONFIGURED = ['ECR.2', 'ECS.3', 'ECS.8', 'EKS.2'];
const LOGGED = ['ECS.9', 'EKS.8'];

/**
 * The controls of NIST SP 800-53 that the documentation of AWS names beside its controls for ECR, ECS, EKS, GuardDuty
 * and the hosts of containers, as far as checks or people can answer them for containers.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/nist-standard.html
 */
export const nist80053R5: Framework = {
  id: 'nist-800-53-r5',
  name: 'NIST SP 800-53',
  version: 'Revision 5',
  sourceUrl: 'https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final',
  subset: 'A mapped subset: only controls that AWS names beside its own controls about containers.',
  relatedOnly: true,
  requirements: [
    { id: 'AC-2(1)', title: 'Accounts are managed by automatic means', through: LEAST },
    { id: 'AC-2(12)', title: 'Atypical use of accounts is noticed', through: ['GuardDuty.1', 'EKS.8'] },
    { id: 'AC-3', title: 'Access is enforced as authorized', through: [...PUBLIC, ...LEAST, 'EC2.8'] },
    { id: 'AC-3(7)', title: 'Access follows roles', through: [...PUBLIC, ...LEAST, 'EC2.8'] },
    { id: 'AC-3(15)', title: 'Discretionary and mandatory access control', through: [...LEAST, 'EC2.8'] },
    { id: 'AC-4', title: 'Flows of information are controlled', through: PUBLIC },
    { id: 'AC-4(21)', title: 'Flows of information are separated', through: PUBLIC },
    { id: 'AC-4(26)', title: 'Filtering of flows is audited', through: LOGGED },
    { id: 'AC-5', title: 'Duties are separated', through: LEAST },
    { id: 'AC-6', title: 'Privileges are the least that are needed', through: [...PUBLIC, ...LEAST, 'EC2.8', 'IAM.1'] },
    { id: 'AC-21', title: 'Sharing of information is decided', through: PUBLIC },
    { id: 'AU-2', title: 'The events to log are chosen', through: LOGGED },
    { id: 'AU-3', title: 'Log records say what happened', through: LOGGED },
    { id: 'AU-6(1)', title: 'Audit records are processed automatically', through: ['GuardDuty.1'] },
    { id: 'AU-6(3)', title: 'Audit records are correlated', through: [...LOGGED, 'ECS.12'] },
    { id: 'AU-6(4)', title: 'Audit records are reviewed in one place', through: [...LOGGED, 'ECS.12'] },
    { id: 'AU-10', title: 'Actions cannot be denied afterwards', through: LOGGED },
    { id: 'AU-12', title: 'Audit records are generated', through: LOGGED },
    { id: 'CA-7', title: 'Controls are monitored continuously', through: [...LOGGED, 'ECS.12', 'GuardDuty.1'] },
    { id: 'CA-9(1)', title: 'Internal connections are checked for compliance', through: CONFIGURED },
    { id: 'CM-2', title: 'A baseline configuration is kept', through: [...CONFIGURED, 'ECR.3'] },
    { id: 'CM-2(2)', title: 'The baseline configuration is kept by automatic means', through: ['ECR.3'] },
    { id: 'CM-8(1)', title: 'The inventory follows installation and removal', through: ['ECR.2'] },
    { id: 'CM-8(3)', title: 'Unauthorized components are detected', through: ['GuardDuty.1'] },
    {
      id: 'IR-4',
      title: 'Incidents are handled',
      byHand: 'Take one alert of the period and follow it to the record of how it was handled.',
    },
    { id: 'RA-3(4)', title: 'Threats are predicted by analysis', through: ['GuardDuty.1'] },
    { id: 'RA-5', title: 'Vulnerabilities are monitored and scanned for', through: ['ECR.1'] },
    { id: 'SC-5', title: 'Denial of service is held off', through: ['GuardDuty.1'] },
    { id: 'SC-7', title: 'Boundaries are protected', through: PUBLIC },
    { id: 'SC-7(3)', title: 'Access points are few', through: PUBLIC },
    { id: 'SC-7(4)', title: 'Services to outside are controlled', through: PUBLIC },
    { id: 'SC-7(9)', title: 'Threatening traffic to outside is restricted', through: [...PUBLIC, 'ECS.9'] },
    { id: 'SC-7(11)', title: 'Traffic from outside is restricted', through: PUBLIC },
    { id: 'SC-7(16)', title: 'System components are hidden from discovery', through: PUBLIC },
    { id: 'SC-7(20)', title: 'Components can be isolated dynamically', through: PUBLIC },
    { id: 'SC-7(21)', title: 'Components are isolated', through: PUBLIC },
    { id: 'SC-12', title: 'Cryptographic keys are managed', through: ['EKS.3'] },
    { id: 'SC-13', title: 'Cryptography protects what needs it', through: ['EKS.3', 'ECR.5'] },
    { id: 'SC-28', title: 'Data at rest is protected', through: ['ECR.5'] },
    { id: 'SI-2', title: 'Flaws are remediated', through: ['ECS.10', 'ECS.12', 'EKS.2'] },
    { id: 'SI-2(2)', title: 'Flaw remediation is checked automatically', through: ['ECS.10', 'EKS.2'] },
    { id: 'SI-2(5)', title: 'Security updates are installed automatically', through: ['ECS.10', 'EKS.2'] },
    { id: 'SI-4', title: 'Systems are monitored', through: ['GuardDuty.1'] },
    { id: 'SI-7(8)', title: 'Important integrity events can be audited', through: LOGGED },
  ],
};
