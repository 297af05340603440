import type { Service } from '../service.ts';
import { autoscaling } from './autoscaling.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { ecrPublic } from './ecr-public.ts';
import { ecs } from './ecs.ts';
import { eks } from './eks.ts';
import { events } from './events.ts';
import { guardduty } from './guardduty.ts';
import { iam } from './iam.ts';
import { inspector2 } from './inspector2.ts';
import { kms } from './kms.ts';
import { logs } from './logs.ts';
import { organizations } from './organizations.ts';
import { scheduler } from './scheduler.ts';
import { securityhub } from './securityhub.ts';
import { sns } from './sns.ts';
import { ssm } from './ssm.ts';
import { sts } from './sts.ts';
import { tagging } from './tagging.ts';

/** Every service the demo account serves. */
export const services: readonly Service[] = [
  autoscaling,
  ec2,
  ecr,
  ecrPublic,
  ecs,
  eks,
  events,
  guardduty,
  iam,
  inspector2,
  kms,
  logs,
  organizations,
  scheduler,
  securityhub,
  sns,
  ssm,
  sts,
  tagging,
];
