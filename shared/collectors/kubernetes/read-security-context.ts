import { z } from 'zod';
import type { CommonSecurityContext, ContainerSecurityContext, PodSecurityContext } from '../../domain/pod-spec.ts';
import { withoutUndefined } from '../eks/without-undefined.ts';
import { flag, integer, listOf, optional, optionalListOf, text, texts } from './raw-fields.ts';

const PROFILE = optional(z.object({ type: text, localhostProfile: text }));

const COMMON = {
  runAsUser: integer,
  runAsGroup: integer,
  runAsNonRoot: flag,
  seLinuxOptions: optional(z.object({ type: text, user: text, role: text, level: text })),
  seccompProfile: PROFILE,
  appArmorProfile: PROFILE,
  windowsOptions: optional(z.object({ hostProcess: flag, runAsUserName: text })),
};

export const POD_SECURITY_CONTEXT = optional(
  z.object({
    ...COMMON,
    fsGroup: integer,
    supplementalGroups: optionalListOf(z.int()),
    sysctls: optional(listOf(z.object({ name: text, value: text }))),
  }),
);

export const CONTAINER_SECURITY_CONTEXT = optional(
  z.object({
    ...COMMON,
    privileged: flag,
    allowPrivilegeEscalation: flag,
    readOnlyRootFilesystem: flag,
    procMount: text,
    capabilities: optional(z.object({ add: texts, drop: texts })),
  }),
);

type RawCommon = Pick<NonNullable<z.output<typeof POD_SECURITY_CONTEXT>>, keyof typeof COMMON>;

export function podSecurityContextFrom(raw: z.output<typeof POD_SECURITY_CONTEXT>): PodSecurityContext | undefined {
  if (raw === undefined) return undefined;
  const { fsGroup, supplementalGroups, sysctls } = raw;
  return {
    ...commonFrom(raw),
    ...withoutUndefined({
      fsGroup,
      supplementalGroups,
      sysctls: sysctls?.map(({ name = '', value = '' }) => ({ name, value })),
    }),
  };
}

export function containerSecurityContextFrom(
  raw: z.output<typeof CONTAINER_SECURITY_CONTEXT>,
): ContainerSecurityContext | undefined {
  if (raw === undefined) return undefined;
  const { privileged, allowPrivilegeEscalation, readOnlyRootFilesystem, procMount, capabilities } = raw;
  return {
    ...commonFrom(raw),
    ...withoutUndefined({ privileged, allowPrivilegeEscalation, readOnlyRootFilesystem, procMount, capabilities }),
  };
}

function commonFrom(raw: RawCommon): CommonSecurityContext {
  const { runAsUser, runAsGroup, runAsNonRoot } = raw;
  return withoutUndefined({
    runAsUser,
    runAsGroup,
    runAsNonRoot,
    seLinuxOptions: raw.seLinuxOptions && withoutUndefined(raw.seLinuxOptions),
    seccompProfile: raw.seccompProfile && withoutUndefined(raw.seccompProfile),
    appArmorProfile: raw.appArmorProfile && withoutUndefined(raw.appArmorProfile),
    windowsOptions: raw.windowsOptions && withoutUndefined(raw.windowsOptions),
  });
}
