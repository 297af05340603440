/** Serves a generated demo account in a process of its own, so that its memory and work are not the scanner's. */

import { generateWorld } from '#demo/generate.ts';
import { publishedRates } from '#demo/rates.ts';
import { startDemoAccount } from '#demo/server.ts';

const [size, speed] = [JSON.parse(process.argv[2] ?? '{}'), Number(process.argv[3] ?? 0)];
const demo = await startDemoAccount({ world: generateWorld(size) });
if (speed > 0) {
  demo.faults.throttleAt(
    publishedRates.map((rate) => ({ ...rate, burst: rate.burst * speed, perSecond: rate.perSecond * speed })),
  );
}
process.stdout.write(`${JSON.stringify(demo.env)}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
