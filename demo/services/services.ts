import type { Service } from '../service.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { ecs } from './ecs.ts';
import { sts } from './sts.ts';

/** Every service the demo account serves. */
export const services: readonly Service[] = [ec2, ecr, ecs, sts];
