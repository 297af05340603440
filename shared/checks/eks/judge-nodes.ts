import type { ResourceByType } from '../../domain/resource.ts';
import { unknownBecause, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';

export type Nodegroup = ResourceByType['AwsEksNodegroup'];
export type Ami = Extract<Nodegroup['amis'], { known: true }>['value'][number];

/**
 * Judges the images that the running nodes of a group were started from. No node, and an image that was deleted, give
 * nothing to judge by.
 */
export function judgeAmis(nodegroup: Nodegroup, judge: (ami: Ami, path: string) => Verdict): Verdict {
  const noNode = unknownBecause({ kind: 'undecidable', message: 'No node of the group runs whose image could tell.' });
  return whenKnown(nodegroup.nodes, (nodes) =>
    whenKnown(nodegroup.amis, (amis) => {
      const imageIds = [...new Set(nodes.flatMap(({ imageId }) => imageId ?? []))];
      return worstOf(
        imageIds.map((imageId) => {
          const ami = amis.find(({ amiId }) => amiId === imageId);
          const path = `amis[${imageId}]`;
          if (ami !== undefined) return judge(ami, path);
          return unknownBecause({ kind: 'undecidable', message: 'The machine image of a node no longer exists.' }, [
            { path, observed: null, expected: 'an image that exists' },
          ]);
        }),
        noNode,
      );
    }),
  );
}
