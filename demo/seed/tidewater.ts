import { createHash } from 'node:crypto';

/** The demo company's account, and the supplier account that the same scanner may enter. */
export const homeAccount = '111122223333';
export const supplierAccount = '444455556666';

/** The role a scanner assumes, and the external id the supplier insists on. */
export const readRole = 'HullcheckRead';
/** Whose access key the demo hands out. */
export const scannerArn = `arn:aws:iam::${homeAccount}:user/hullcheck-demo`;
export const publishRole = 'HullcheckPublish';
export const externalId = 'tidewater-audit-7f3a';

export const alertTopic = 'hullcheck-alerts';

const day = 24 * 60 * 60 * 1000;

/** So many days before a moment. */
export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * day);
}

/** A stable digest for a piece of content that exists only by name. */
export function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** A stable hexadecimal id, as AWS appends to its resources. */
export function idOf(content: string, length = 17): string {
  return createHash('sha256').update(`id of ${content}`).digest('hex').slice(0, length);
}

/** A stable UUID. */
export function uuidOf(content: string): string {
  const hex = idOf(content, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The address of an image in an account's own registry. */
export function imageUri(repository: string, tag: string, region = 'us-east-1', account = homeAccount): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com/${repository}:${tag}`;
}

/** An IAM role of the demo company. */
export function roleArn(name: string, account = homeAccount): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

export const containerKeyArn = `arn:aws:kms:us-east-1:${homeAccount}:key/${uuidOf('key containers')}`;
export const clusterKeyArn = `arn:aws:kms:us-east-1:${homeAccount}:key/${uuidOf('key clusters')}`;
export const ecrManagedKeyArn = `arn:aws:kms:us-east-1:${homeAccount}:key/${uuidOf('key aws/ecr')}`;

/** The company's network in us-east-1. */
export const network = {
  vpc: 'vpc-0a1b2c3d4e5f60001',
  privateSubnets: ['subnet-0aa0000000000a001', 'subnet-0aa0000000000a002'],
  publicSubnets: ['subnet-0bb0000000000b001', 'subnet-0bb0000000000b002'],
  appGroup: 'sg-0c0000000000000a1',
  openGroup: 'sg-0c0000000000000b1',
  loadBalancerGroup: 'sg-0c0000000000000c1',
  nodeGroup: 'sg-0c0000000000000d1',
  sshGroup: 'sg-0c0000000000000e1',
};
