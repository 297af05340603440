import type { WaiverUse } from '../domain/result.ts';
import { plainLine } from './plain-text.ts';

/** What people must know of the waivers of a run, one sentence each: first those that hide less than was meant. */
export function waiverRemarks(uses: readonly WaiverUse[]): readonly string[] {
  return (['malformed', 'expired', 'unmatched', 'expiring'] as const).flatMap((state) =>
    uses.filter((use) => use.state === state).flatMap(remarksOn),
  );
}

function remarksOn({ id, state, expiresAt = '', owner = '', hidden, problems = [] }: WaiverUse): readonly string[] {
  const waiver = `Waiver ${plainLine(id)} (owner ${plainLine(owner)})`;
  const until = expiresAt.slice(0, 10);
  switch (state) {
    case 'malformed':
      return problems.map((problem) => `Ignored, so that what it covers shows: ${plainLine(problem)}`);
    case 'expired':
      return [`${waiver} ended on ${until}: what it covers shows again.`];
    case 'unmatched':
      return [`${waiver} covers nothing that fails: mend its scope, or remove it.`];
    case 'expiring':
      return [`${waiver} ends on ${until}; it hides ${hidden} ${hidden === 1 ? 'failure' : 'failures'}.`];
    case 'active':
      return [];
  }
}
