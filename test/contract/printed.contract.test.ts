import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';
import { notPrinted, type Printed, printedOn } from '#test/support/printed.ts';

const PAGES = ['README.md', 'docs/deploy.md', 'docs/doctor.md'];
const READER = '444455556666';
const EXTERNAL_ID = 'tidewater-audit-7f3a';

/** What is in the way where a page shows something being in the way. */
const DENIED: readonly (readonly [page: string, command: RegExp, actions: readonly string[]])[] = [
  ['README.md', /doctor --role-arn/, ['ecr:GetLifecyclePolicy', 'ecs:DescribeServices']],
  ['docs/doctor.md', /doctor --config/, ['ecr:GetLifecyclePolicy']],
];

let demo: DemoAccount;
let directory: string;

beforeAll(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-printed-'));
  await writeFile(join(directory, 'hullcheck.yaml'), 'version: 1\nscope: { regions: [us-east-1, eu-west-1] }\n');
  await writeFile(
    join(directory, 'two-accounts.yaml'),
    JSON.stringify({
      version: 1,
      scope: {
        regions: ['us-east-1'],
        services: ['ecr'],
        roles: [
          { arn: 'arn:aws:iam::111122223333:role/Auditor' },
          { arn: `arn:aws:iam::${READER}:role/HullcheckRead`, externalId: EXTERNAL_ID },
        ],
      },
    }),
  );
});
afterEach(() => demo.faults.clear());
afterAll(() => demo?.close());

/** As a shell takes it apart, for the commands that there are. */
function argumentsOf(command: string): readonly string[] {
  const words = command.replace(/;.*$/, '').match(/"[^"]*"|\S+/g) ?? [];
  return words.slice(2).map((word) => (word === '…' ? EXTERNAL_ID : word.replaceAll('"', '')));
}

async function print({ page, command }: Printed): Promise<string> {
  for (const [where, what, actions] of DENIED) {
    if (where !== page || !what.test(command)) continue;
    for (const action of actions) {
      demo.faults.add(action, { kind: 'deny', because: 'no-identity-policy' }, { accountId: READER });
    }
  }
  const { exitCode, stdout, stderr } = await runCliHere(argumentsOf(command), demo.env, { cwd: directory });
  return command.endsWith('; echo $?') ? `${stdout}${stderr}${exitCode}` : `${stdout}${stderr}`;
}

test.for(PAGES.flatMap(printedOn).map((one) => [one.page, one.command, one] as const))(
  'what %s shows is printed: %s',
  async ([, , shown]) => {
    const printed = await print(shown);

    expect(notPrinted(shown.shown, printed), `printed was:\n${printed}`).toEqual([]);
  },
);
