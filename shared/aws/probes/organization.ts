import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { PermissionProbe, ProbePlace } from './probe.ts';

/** The id of a root that no organization has. */
const ParentId = 'r-0000';
const MaxResults = 1;
/** Whether there is an organization at all comes after the question whether the caller may ask. */
const refusals = ['AWSOrganizationsNotInUseException'];
const noParent = [...refusals, 'ParentNotFoundException', 'InvalidInputException'];
const organizations = ({ clientFor }: ProbePlace) => clientFor(OrganizationsClient);

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html */
export const organizationProbes = {
  'organizations:ListAccounts': {
    call: (place) => organizations(place).send(new ListAccountsCommand({ MaxResults })),
    refusals,
  },
  'organizations:ListAccountsForParent': {
    call: (place) => organizations(place).send(new ListAccountsForParentCommand({ ParentId, MaxResults })),
    refusals: noParent,
  },
  'organizations:ListOrganizationalUnitsForParent': {
    call: (place) => organizations(place).send(new ListOrganizationalUnitsForParentCommand({ ParentId, MaxResults })),
    refusals: noParent,
  },
  'organizations:ListRoots': {
    call: (place) => organizations(place).send(new ListRootsCommand({ MaxResults })),
    refusals,
  },
} as const satisfies Record<string, PermissionProbe>;
