/** Where the fields of a document stand: the tree of its mappings and lists with lines instead of values. */
export interface LineTree {
  /** From 1. */
  readonly line: number;
  /** By key of a mapping, `[0]` of a list, and `[name]` for an item of a list that has a name. */
  readonly children?: ReadonlyMap<string, LineTree>;
}

/**
 * The line of a field, or of the innermost thing around it that is there: a field that is missing is missing somewhere.
 *
 * @param path as evidence has it: `spec.containers[0].image`, `containerDefinitions[app].user`
 */
export function lineOf(tree: LineTree, path: string): number {
  let [node, rest] = [tree, path];
  while (rest !== '') {
    const step = longestStep(node, rest);
    if (step === undefined) break;
    node = step.child;
    rest = rest.slice(step.key.length).replace(/^\./, '');
  }
  return node.line;
}

/** Keys may have points in them, as labels have: the longest key that the path goes on with is meant. */
function longestStep({ children }: LineTree, rest: string): { key: string; child: LineTree } | undefined {
  if (children === undefined) return undefined;
  for (let end = rest.length; end > 0; end = lastEnd(rest, end - 1)) {
    const key = rest.slice(0, end);
    const child = children.get(key);
    if (child !== undefined) return { key, child };
  }
  return undefined;
}

/** Where a key may end at the latest: before a point or a bracket, or after a bracket. */
function lastEnd(path: string, from: number): number {
  return Math.max(path.lastIndexOf('.', from), path.lastIndexOf('[', from), path.lastIndexOf(']', from - 1) + 1, 0);
}
