import type { OrganizationState } from '../world/organization-state.ts';
import { homeAccount, supplierAccount } from './tidewater.ts';

/** An account in which nobody has created the roles, and one that is suspended. */
export const sandboxAccount = '777788889999';
export const suspendedAccount = '888899990000';

export const rootUnit = 'r-tide';
export const partnersUnit = 'ou-tide-partners';
const workloadsUnit = 'ou-tide-workloads';
const sandboxUnit = 'ou-tide-sandboxes';

/** Tidewater's organization; Hullcheck's own account is a delegated administrator of it. */
export function seedOrganization(): OrganizationState {
  return {
    rootId: rootUnit,
    administrators: [homeAccount],
    units: [
      { id: workloadsUnit, name: 'Workloads', parentId: rootUnit },
      { id: partnersUnit, name: 'Partners', parentId: workloadsUnit },
      { id: sandboxUnit, name: 'Sandboxes', parentId: rootUnit },
    ],
    accounts: [
      { id: homeAccount, name: 'tidewater-foods', state: 'ACTIVE', parentId: workloadsUnit },
      { id: supplierAccount, name: 'tidewater-suppliers', state: 'ACTIVE', parentId: partnersUnit },
      { id: sandboxAccount, name: 'tidewater-sandbox', state: 'ACTIVE', parentId: sandboxUnit },
      { id: suspendedAccount, name: 'tidewater-catering', state: 'SUSPENDED', parentId: rootUnit },
    ],
  };
}
