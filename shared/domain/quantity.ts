/** A number, and how many of what: `0.5`, `250m`, `64Mi`, `1e3`. */
const QUANTITY = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/**
 * Whether a quantity of Kubernetes is more than nothing. Whatever the unit is, only the number can make it nothing, so
 * that no arithmetic is needed.
 *
 * @returns undefined for what is no quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function isPositiveQuantity(text: string): boolean | undefined {
  const number = QUANTITY.exec(text)?.[1];
  if (number === undefined) return undefined;
  return !text.startsWith('-') && Number(number) > 0;
}
