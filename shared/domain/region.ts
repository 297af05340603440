/**
 * What the name of a region looks like, in every partition: `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const REGION_NAME = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;
