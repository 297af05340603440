/** An organization as its management account sees it. */
export interface OrganizationState {
  rootId: string;
  /** The accounts that may ask: the management account and those registered as delegated administrators. */
  administrators: string[];
  units: { id: string; name: string; parentId: string }[];
  accounts: MemberState[];
}

interface MemberState {
  id: string;
  name: string;
  state: 'ACTIVE' | 'CLOSED' | 'PENDING_ACTIVATION' | 'PENDING_CLOSURE' | 'SUSPENDED';
  parentId: string;
}
