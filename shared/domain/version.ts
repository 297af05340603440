/**
 * Compares two dotted versions number by number, so that 1.9 is older than 1.30. A leading `v` and whatever follows
 * the numbers (`-eksbuild.1`, `+abc`) are ignored; a missing number counts as 0.
 *
 * @returns negative when `left` is older, 0 when equal, positive when newer; undefined when either is no version
 */
export function compareVersions(left: string, right: string): number | undefined {
  const [a, b] = [versionNumbers(left), versionNumbers(right)];
  if (a === undefined || b === undefined) return undefined;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The numbers of a dotted version, for example `[1, 30, 2]` for `v1.30.2-eks-1de2ab1`; undefined when it is none. */
export function versionNumbers(text: string): readonly number[] | undefined {
  const match = /^v?(\d{1,9}(?:\.\d{1,9})*)(?![\d.])/.exec(text);
  return match?.[1]?.split('.').map(Number);
}
