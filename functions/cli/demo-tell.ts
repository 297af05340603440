import type { DemoAccount } from '#demo/server.ts';
import { SEVERITIES } from '#shared/domain/severity.ts';
import type { ScanResult } from '#shared/use-cases/evaluate-inventory.ts';

/** Prints a line. */
export type Say = (text: string) => void;

export function tellInventory({ header }: ScanResult, say: Say): void {
  say('Inventory');
  for (const [type, count] of Object.entries(header.summary.resourcesByType)) {
    say(`  ${String(count).padStart(4)}  ${type}`);
  }
  say('');
}

/** What the demo's Security Hub holds in each of its regions. */
export function tellSecurityHub({ world }: DemoAccount, say: Say): void {
  say('Security Hub now holds');
  for (const { name, security } of world.accounts[0]?.regions ?? []) {
    const findings = [...security.findings.values()].filter((finding) => finding.RecordState === 'ACTIVE');
    const counts = SEVERITIES.map((severity) => {
      const count = findings.filter((finding) => finding.FindingProviderFields?.Severity?.Label === severity).length;
      return `${count} ${severity}`;
    });
    say(`  ${name.padEnd(12)}${String(findings.length).padStart(4)} active findings: ${counts.reverse().join(', ')}`);
  }
}

/** `1 finding`, `2 findings`, `2 batches`. */
export function counted(count: number, what: string): string {
  if (count === 1) return `1 ${what}`;
  return `${count} ${what}${what.endsWith('ch') ? 'es' : 's'}`;
}

/** A message as its reader sees it. */
export function quoted({
  subject,
  message,
}: {
  readonly subject: string | undefined;
  readonly message: string;
}): string {
  return [`Subject: ${subject ?? ''}`, ...message.trimEnd().split('\n')]
    .map((line) => `  | ${line}`.trimEnd())
    .join('\n');
}
