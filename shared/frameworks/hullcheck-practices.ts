import type { Framework } from '../domain/framework.ts';
import { ecr } from './practices/ecr.ts';
import { ecs } from './practices/ecs.ts';
import { eks } from './practices/eks.ts';
import { guardduty } from './practices/guardduty.ts';
import { identity } from './practices/identity.ts';
import { images } from './practices/images.ts';
import { network } from './practices/network.ts';

/** The practices that Hullcheck exists to see on a live account, by area. Every check belongs to one at least. */
export const hullcheckPractices: Framework = {
  id: 'hullcheck-practices',
  name: 'Hullcheck practices',
  version: '2',
  sourceUrl: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html',
  subset:
    'The own list of Hullcheck, with every one of its checks; the source is the published guide that it is closest to.',
  requirements: [...images, ...ecr, ...ecs, ...eks, ...network, ...identity, ...guardduty],
};
