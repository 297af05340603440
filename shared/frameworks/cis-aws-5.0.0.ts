import type { Framework } from '../domain/framework.ts';

/**
 * The recommendations of the CIS AWS Foundations Benchmark that containers touch, by id, as the documentation of AWS
 * names them beside its controls. The benchmark is licensed: the titles here are Hullcheck's own words.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html
 */
export const cisAws500: Framework = {
  id: 'cis-aws-5.0.0',
  name: 'CIS AWS Foundations Benchmark',
  version: 'v5.0.0',
  sourceUrl: 'https://www.cisecurity.org/benchmark/amazon_web_services',
  subset: 'Only what containers and their hosts touch: network access to nodes, the metadata service, file systems.',
  relatedOnly: true,
  requirements: [
    {
      id: '2.3.1',
      title: 'EFS file systems are encrypted at rest',
      note: 'the file system itself is not judged; checks about EFS judge how tasks mount it',
      byHand:
        'List the file systems that task definitions name and confirm Encrypted in elasticfilesystem:DescribeFileSystems.',
    },
    {
      id: '5.3',
      title: 'No security group admits all of IPv4 to the ports of remote administration',
      related: ['ecs-service-security-group-restricted', 'eks-nodegroup-no-open-ssh'],
      note: 'checks look at the groups of ECS services and EKS nodes only',
    },
    {
      id: '5.4',
      title: 'No security group admits all of IPv6 to the ports of remote administration',
      related: ['ecs-service-security-group-restricted', 'eks-nodegroup-no-open-ssh'],
      note: 'checks look at the groups of ECS services and EKS nodes only',
    },
    { id: '5.7', title: 'Instances answer metadata requests through IMDSv2 only', through: ['EC2.8'] },
  ],
};
