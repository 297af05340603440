import { expect, test } from 'vitest';
import { eksNodeImdsRestricted as check } from '#shared/checks/eks/eks-node-imds-restricted.ts';
import type { EksMetadataOptions } from '#shared/collectors/eks/model.ts';
import { known } from '#shared/domain/observed.ts';
import { node, nodegroup } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const running = (...options: EksMetadataOptions[]) =>
  nodegroup({
    nodes: known(options.map((metadataOptions, index) => node({ instanceId: `i-${index}`, metadataOptions }))),
  });
const resting = (metadataOptions: EksMetadataOptions) =>
  nodegroup({ nodes: known([]), launchTemplate: known({ metadataOptions, securityGroupIds: [] }) });
const restricted = { httpEndpoint: 'enabled', httpTokens: 'required', hopLimit: 1 };

test.for([
  ['IMDSv2 is required and cannot leave the node', restricted],
  ['the endpoint is off', { httpEndpoint: 'disabled', httpTokens: 'optional', hopLimit: 2 }],
] as const)('PASSED when %s', ([, options]) => {
  expect(judge(check, running(options)).status).toBe('PASSED');
});

test.for([
  ['tokens are optional: the hop limit does not bind IMDSv1', { ...restricted, httpTokens: 'optional' }, 'httpTokens'],
  ['answers travel two hops', { ...restricted, hopLimit: 2 }, 'httpPutResponseHopLimit'],
] as const)('FAILED when %s', ([, options, path]) => {
  expect(judge(check, running(restricted, options))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'pods can reach the metadata service of their node',
    evidence: [{ path: `nodes.metadataOptions.${path}` }],
  });
});

test('nodes that come and go change no evidence', () => {
  const open = { ...restricted, hopLimit: 2 };
  const evidence = judge(check, running(open)).evidence;

  expect(judge(check, running(restricted, open, open)).evidence).toEqual(evidence);
});

test('the launch template counts only while no node runs', () => {
  const open = { ...restricted, httpTokens: 'optional' };

  expect(judge(check, resting(restricted)).status).toBe('PASSED');
  expect(judge(check, resting(open))).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'launchTemplate.metadataOptions.httpTokens' }],
  });
  const contradicted = { ...resting(open), nodes: known([node()]) };
  expect(judge(check, contradicted).status).toBe('PASSED');
});

test.for([
  ['is silent', known({ metadataOptions: {}, securityGroupIds: [] })],
  ['says only half', known({ metadataOptions: { httpTokens: 'required' }, securityGroupIds: [] })],
  ['does not exist', known(null)],
] as const)('UNKNOWN when no node runs and the template %s: no default is assumed', ([, launchTemplate]) => {
  expect(judge(check, nodegroup({ nodes: known([]), launchTemplate })).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when instances could not be listed, even if the template is fine', () => {
  const unread = { ...resting(restricted), nodes: denied('ec2:DescribeInstances') };

  expect(judge(check, unread).unknown).toMatchObject({ missingPermission: 'ec2:DescribeInstances' });
});
