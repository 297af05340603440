import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import type { RepositoryState } from '#demo/world/ecr-state.ts';
import type { RegionState } from '#demo/world/world.ts';
import type { ResponseRecord } from '#shared/domain/response.ts';
import type { CliRun } from './cli.ts';
import { runCliHere } from './cli-in-process.ts';

/** One run of `hullcheck fix`, and what it changed. */
export interface FixRun extends CliRun {
  /** Operations that write, in order. */
  readonly writes: readonly string[];
}

/** A demo account with `hullcheck fix` pointed at it. */
export interface FixBench {
  readonly demo: DemoAccount;
  region(name?: string): RegionState;
  repository(name: string, region?: string): RepositoryState;
  fix(...args: readonly string[]): Promise<FixRun>;
  /** The outcome as JSON. */
  outcomeOf(...args: readonly string[]): Promise<FixRun & { readonly record: ResponseRecord }>;
}

export const DETECTOR = 'arn:aws:guardduty:us-east-1:111122223333:detector';

export function findingIdOf(check: string, uid: string, region = 'us-east-1'): string {
  return `hullcheck/aws/111122223333/${region}/${check}/${uid}`;
}

export function repositoryArn(name: string, region = 'us-east-1'): string {
  return `arn:aws:ecr:${region}:111122223333:repository/${name}`;
}

export async function startFixBench(): Promise<FixBench> {
  const demo = await startDemoAccount();
  const region = (name = 'us-east-1') => {
    const found = demo.world.accounts[0]?.regions.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the demo has no ${name}`);
    return found;
  };
  const fix = async (...args: readonly string[]) => {
    const before = demo.recorder.calls().length;
    const run = await runCliHere(['fix', ...args], demo.env);
    const calls = demo.recorder.calls().slice(before);
    return { ...run, writes: calls.map(({ operation }) => operation).filter(isWrite) };
  };
  return {
    demo,
    region,
    repository(name, place) {
      const found = region(place).ecr.repositories.find((one) => one.repository.repositoryName === name);
      if (found === undefined) throw new Error(`the demo has no repository ${name}`);
      return found;
    },
    fix,
    async outcomeOf(...args) {
      const run = await fix(...args, '--format', 'json');
      return { ...run, record: JSON.parse(run.stdout) as ResponseRecord };
    },
  };
}

function isWrite(operation: string): boolean {
  return !/:(?:Assume|BatchGet|Describe|Get|List)[A-Z]/.test(operation);
}
