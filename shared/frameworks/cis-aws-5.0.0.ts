import { type Framework, requirementsNamedBy } from '../domain/framework.ts';
import { USER_GUIDE } from './aws/user-guide.ts';
import { awsFsbp } from './aws-fsbp.ts';
import { awsSecurityHub } from './aws-security-hub.ts';

/**
 * The recommendations of the CIS AWS Foundations Benchmark that containers touch, by id. The benchmark is licensed: the
 * titles here are Hullcheck's own words. Network access and metadata as the documentation of AWS names them beside its
 * controls; 1.15 and 2.3.1 by what public lists of the version say (Prowler; EFS.1 of AWS).
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html
 * @see https://github.com/prowler-cloud/prowler/blob/master/prowler/compliance/aws/cis_5.0_aws.json
 */
export const cisAws500: Framework = {
  id: 'cis-aws-5.0.0',
  name: 'CIS AWS Foundations Benchmark',
  version: 'v5.0.0',
  sourceUrl: 'https://www.cisecurity.org/benchmark/amazon_web_services',
  subset:
    'A mapped subset: only what containers and their hosts touch. The newest version that AWS maps to its own controls; newer ones (v6.0.0, v7.0.0) are left out. It is no assessment of the benchmark.',
  relatedOnly: true,
  requirements: [
    {
      id: '1.15',
      title: 'No policy that allows everything on everything is attached',
      note: 'checks look at the roles of containers only',
      sourceUrl: 'https://github.com/prowler-cloud/prowler/blob/master/prowler/compliance/aws/cis_5.0_aws.json',
    },
    {
      id: '2.3.1',
      title: 'EFS file systems are encrypted at rest',
      sourceUrl: `${USER_GUIDE}/efs-controls.html#efs-1`,
      note: 'the file system itself is not judged; checks about EFS judge how tasks mount it',
      byHand:
        'List the file systems that task definitions name and confirm Encrypted in elasticfilesystem:DescribeFileSystems.',
    },
    ...requirementsNamedBy([...awsFsbp.requirements, ...awsSecurityHub.requirements], 'cis-aws-5.0.0', {
      '5.3': 'No security group admits all of IPv4 to the ports of remote administration',
      '5.4': 'No security group admits all of IPv6 to the ports of remote administration',
      '5.7': 'Instances answer metadata requests through IMDSv2 only',
    }),
  ],
};
