import { ecrLocationOf, parseImageReference } from './image-reference.ts';

/**
 * Accounts of AWS with the images of EKS add-ons, one for each region that does not share the first.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
 */
const ADD_ONS = [
  '602401143452',
  '013241004608',
  '066635153087',
  '121268973566',
  '151610086707',
  '151742754352',
  '296578399912',
  '333609536671',
  '455263428931',
  '491585149902',
  '533267051163',
  '558608220178',
  '590381155156',
  '730335286997',
  '759879836304',
  '761377655185',
  '800184023465',
  '877085696533',
  '900612956339',
  '900889452093',
  '918309763551',
  '961992271922',
];

/**
 * Accounts of AWS with the agent of GuardDuty for EKS, where it does not come from those above.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-ecr-repository-gdu-agent.html
 */
const GUARDDUTY = [
  '001188825231',
  '011662287384',
  '031903291036',
  '039403964562',
  '109118265657',
  '113643092156',
  '292660727137',
  '366771026645',
  '373421517865',
  '379032919888',
  '409493279830',
  '528450769569',
  '531047660167',
  '541829937850',
  '584580519942',
  '591382732059',
  '601769779514',
  '610108029387',
  '617474730032',
  '618745550137',
  '673884943994',
  '718440343717',
  '732248494576',
  '750462861327',
  '781592569369',
  '790429075973',
  '810724417379',
  '941219317354',
];

const ACCOUNTS: ReadonlySet<string> = new Set([...ADD_ONS, ...GUARDDUTY]);

/** Aliases of ECR Public under which AWS publishes the same for charts; they are given to verified owners only. */
const ALIASES: ReadonlySet<string> = new Set([
  'aws-observability',
  'cloudwatch-agent',
  'csi-components',
  'ebs-csi-driver',
  'efs-csi-driver',
  'eks',
  'eks-distro',
  'mountpoint-s3-csi-driver',
]);

/** Whether an image comes from where AWS publishes its add-ons: the registry proves the publisher, a name never does. */
export function isAddOnImage(image: string): boolean {
  const reference = parseImageReference(image);
  if (reference === undefined) return false;
  const location = ecrLocationOf(reference);
  if (location !== undefined) return ACCOUNTS.has(location.accountId);
  const [alias = ''] = reference.repository.split('/');
  return reference.registry === 'public.ecr.aws' && ALIASES.has(alias);
}
