import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { RawObject } from '../../kubernetes/api.ts';
import type { EksClusterFact, EksNodeGroupMetadata } from '../eks/model.ts';
import type { NodeKind } from './model.ts';
import type { LikePods } from './pod-groups.ts';
import { readMetadata } from './read-metadata.ts';

/** What is kept of a node. */
export interface NodeObject {
  readonly name: string;
  readonly kind: NodeKind;
  /** Of the managed node group it is in. */
  readonly nodegroup?: string;
}

const KINDS: Readonly<Record<string, NodeKind>> = { auto: 'auto', fargate: 'fargate', hybrid: 'hybrid' };

/** @see https://docs.aws.amazon.com/eks/latest/userguide/eks-compute.html */
export function readNode(raw: RawObject): NodeObject {
  const { name, labels } = readMetadata(raw);
  const nodegroup = labels['eks.amazonaws.com/nodegroup'];
  return {
    name,
    kind: KINDS[labels['eks.amazonaws.com/compute-type'] ?? ''] ?? onEc2(labels['kubernetes.io/os']),
    ...(nodegroup === undefined ? {} : { nodegroup }),
  };
}

function onEc2(system: string | undefined): NodeKind {
  return system === 'windows' ? 'windows' : 'ec2';
}

/** What is known of a cluster's nodes from outside. */
type FromOutside = Pick<EksClusterFact, 'autoMode' | 'runsOnEc2'>;

/** Nodes come and go while the cluster is read. */
const NOT_LISTED = undecidable('The node that runs it was not among those that were listed.');

/** Where pods run, and what they reach from there. */
export class NodeIndex {
  readonly #nodes: Observed<ReadonlyMap<string, NodeObject>>;
  readonly #groups: Observed<readonly EksNodeGroupMetadata[]>;
  readonly #outside: FromOutside;

  /** @param groups the groups that nodes run of; one without nodes is not among them */
  constructor(
    nodes: Observed<readonly NodeObject[]>,
    groups: Observed<readonly EksNodeGroupMetadata[]>,
    outside: FromOutside,
  ) {
    this.#outside = outside;
    this.#nodes = mapObserved(nodes, (all) => new Map(all.map((node) => [node.name, node])));
    this.#groups = groups;
  }

  /** The kinds of nodes that pods run on. */
  runsOn(nodes: ReadonlySet<string>): Observed<readonly NodeKind[]> {
    const names = [...nodes];
    // Fargate names its nodes; the others need their labels.
    if (names.every((name) => name === '' || name.startsWith('fargate-'))) {
      return known([...new Set(names.map((name): NodeKind => (name === '' ? 'unscheduled' : 'fargate')))].sort());
    }
    if (!this.#nodes.known) return this.#nodes;
    const kinds = new Set<NodeKind>();
    for (const name of names) {
      const kind = name === '' ? 'unscheduled' : this.#nodes.value.get(name)?.kind;
      if (kind === undefined) return NOT_LISTED;
      kinds.add(kind);
    }
    return known([...kinds].sort());
  }

  /**
   * Whether pods reach the metadata service of their node when no policy stops them: one that does is enough. Fargate
   * and hybrid nodes have none; Auto Mode answers only on the node itself.
   *
   * @see https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
   */
  reachesMetadata(pods: readonly LikePods[], usesHostNetwork: (pods: LikePods) => boolean): Observed<boolean> {
    let doubt: Observed<boolean> | undefined;
    for (const alike of pods) {
      for (const name of alike.nodes) {
        const answer = this.#answers(name, usesHostNetwork(alike));
        if (answer.known && answer.value) return answer;
        if (!answer.known) doubt ??= answer;
      }
    }
    return doubt ?? known(false);
  }

  /** The same for a template of which nothing runs: only nodes that all agree decide it. */
  wouldReachMetadata(usesHostNetwork: boolean): Observed<boolean> {
    if (!this.#groups.known) return this.#groups;
    const shares = this.#groups.value.map(({ nodesReach, podsReach }) => (usesHostNetwork ? nodesReach : podsReach));
    if (this.#outside.autoMode) shares.push(usesHostNetwork ? 'all' : 'none');
    if (shares.length === 0) return this.#withoutGroups();
    const [only, ...others] = new Set(shares);
    if (others.length > 0 || only === 'some') {
      return undecidable('Nothing of it runs, and not all nodes of the cluster answer its pods alike.');
    }
    return known(only === 'all');
  }

  /** Only Fargate, and hybrid nodes, have no such service; a group whose nodes all sleep says nothing of the next. */
  #withoutGroups(): Observed<boolean> {
    const { runsOnEc2 } = this.#outside;
    if (!runsOnEc2.known) return runsOnEc2;
    if (!this.#nodes.known) return this.#nodes;
    const listed = [...this.#nodes.value.values()].some(({ kind }) => kind === 'ec2' || kind === 'windows');
    return runsOnEc2.value || listed ? undecidable('No node is known of the kind that would run it.') : known(false);
  }

  #answers(name: string, usesHostNetwork: boolean): Observed<boolean> {
    if (name === '') return this.wouldReachMetadata(usesHostNetwork);
    if (name.startsWith('fargate-')) return known(false);
    if (!this.#nodes.known) return this.#nodes;
    const node = this.#nodes.value.get(name);
    if (node === undefined) return NOT_LISTED;
    if (node.kind === 'fargate' || node.kind === 'hybrid') return known(false);
    if (node.kind === 'auto') return known(usesHostNetwork);
    if (!this.#groups.known) return this.#groups;
    const { nodegroup } = node;
    const groups = this.#groups.value.filter(({ managed, group }) =>
      nodegroup === undefined ? !managed : managed && group === nodegroup,
    );
    const shares = new Set(groups.map(({ nodesReach, podsReach }) => (usesHostNetwork ? nodesReach : podsReach)));
    const [only] = shares;
    if (shares.size !== 1 || only === 'some') {
      return undecidable('The metadata settings of the node that runs it are not known.');
    }
    return known(only === 'all');
  }
}
