import type { Audience, Grant } from '../../domain/iam-audience.ts';
import type { Evidence } from '../../domain/verdict.ts';

/** One statement that lets somebody in, as evidence. */
export function evidenceOfGrant(
  policyPath: string,
  { statement, audience, actions }: Grant,
  expected: string,
): Evidence {
  return {
    path: `${policyPath}.${statement.path}`,
    observed: { principal: nameOf(audience), actions },
    expected,
  };
}

function nameOf(audience: Audience): string {
  switch (audience.kind) {
    case 'everyone':
      return '*';
    case 'account':
    case 'other':
      return audience.principal;
    case 'organization':
      return audience.id;
    case 'conditioned':
      return `* within ${audience.key}`;
  }
}
