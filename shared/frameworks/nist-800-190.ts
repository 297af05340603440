import type { Framework } from '../domain/framework.ts';

const LAYERS = 'layers are looked into only where images.layers is set';
const NOT_VISIBLE = 'no API of AWS shows it';

/**
 * The countermeasures of NIST SP 800-190, section 4. The publication has no tests of its own, so every mapping to it
 * is a judgement: reports call them related.
 *
 * @see https://csrc.nist.gov/pubs/sp/800/190/final
 */
export const nist800190: Framework = {
  id: 'nist-800-190',
  name: 'NIST SP 800-190 Application Container Security Guide',
  version: 'September 2017',
  sourceUrl: 'https://csrc.nist.gov/pubs/sp/800/190/final',
  subset: 'All countermeasures of section 4. The publication has no tests of its own: every mapping is a judgement.',
  relatedOnly: true,
  requirements: [
    { id: '4.1.1', title: 'Images: vulnerabilities are found and kept from running' },
    { id: '4.1.2', title: 'Images: the configuration is sound', note: LAYERS },
    {
      id: '4.1.3',
      title: 'Images: embedded malware is found',
      note: 'GuardDuty scans volumes, not registry images',
      byHand: 'Scan the images in use for malware, or confirm that the build does.',
    },
    { id: '4.1.4', title: 'Images: no secrets in clear text', note: LAYERS },
    {
      id: '4.1.5',
      title: 'Images: only trusted ones run',
      note: 'signatures are asked for only where the registry signs, or trusted publishers are named',
    },
    {
      id: '4.2.1',
      title: 'Registries: connections are encrypted',
      note: 'ECR speaks TLS only',
      byHand: 'Confirm that no node and no build trusts a registry without TLS.',
    },
    { id: '4.2.2', title: 'Registries: stale images are pruned and not run' },
    { id: '4.2.3', title: 'Registries: access needs authentication and authorization' },
    { id: '4.3.1', title: 'Orchestrator: administrative access is bounded' },
    { id: '4.3.2', title: 'Orchestrator: unauthorized access is kept out' },
    { id: '4.3.3', title: 'Orchestrator: traffic between containers is separated' },
    {
      id: '4.3.4',
      title: 'Orchestrator: workloads of different sensitivity are kept apart',
      note: NOT_VISIBLE,
      byHand: 'List workloads by sensitivity and confirm that different levels run on different nodes or clusters.',
    },
    { id: '4.3.5', title: 'Orchestrator: nodes can be trusted' },
    { id: '4.4.1', title: 'Containers: the runtime is free of known vulnerabilities' },
    { id: '4.4.2', title: 'Containers: network access out of them is bounded' },
    { id: '4.4.3', title: 'Containers: the runtime configuration is secure' },
    { id: '4.4.4', title: 'Containers: a compromised application is contained and noticed' },
    { id: '4.4.5', title: 'Containers: nobody runs one unnoticed' },
    { id: '4.5.1', title: 'Host OS: the attack surface is small' },
    {
      id: '4.5.2',
      title: 'Host OS: containers share it with nothing else',
      note: NOT_VISIBLE,
      byHand: 'Confirm that hosts of containers run nothing else.',
    },
    { id: '4.5.3', title: 'Host OS: components are free of known vulnerabilities' },
    { id: '4.5.4', title: 'Host OS: log-ins are bounded and audited' },
    { id: '4.5.5', title: 'Host OS: containers cannot tamper with its files' },
    {
      id: '4.6',
      title: 'Hardware: the platform is measured and trusted',
      note: 'the part of the provider',
      byHand: 'Rely on the provider: read the reports of AWS in AWS Artifact.',
    },
  ],
};
