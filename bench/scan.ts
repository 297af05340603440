/** One measured scan in a process of its own; prints the measures as JSON. */
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';

const speed = Number(process.argv[2] ?? 0);
const calls = new Map<string, number>();
const loaded = loadConfig(undefined, 'bench', allChecks());
const app = composeApp({
  ...loaded,
  config: { ...loaded.config, aws: { ...loaded.config.aws, rateShare: speed > 0 ? speed : 1 } },
  unlimitedRate: speed === 0,
  toolVersion: 'bench',
  hashKey: new Uint8Array(32),
  onCall: ({ action }) => calls.set(action, (calls.get(action) ?? 0) + 1),
});
const before = process.memoryUsage().rss;
let peak = before;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);
const started = performance.now();
const inventory = await app.collect([{}], ['us-east-1']);
const wallMs = performance.now() - started;
const judging = performance.now();
const { header } = app.evaluate(inventory);
const evaluateMs = performance.now() - judging;
clearInterval(sampler);
app.close();
process.stdout.write(
  `${JSON.stringify({
    calls: Object.fromEntries([...calls].sort(([left], [right]) => (left < right ? -1 : 1))),
    wallMs,
    evaluateMs,
    evaluations: header.summary.findings,
    resources: header.summary.resources,
    complete: header.complete,
    gaps: header.coverage.flatMap((entry) => entry.gaps.map((gap) => gap.reason)),
    baselineMb: before / 1e6,
    peakMb: peak / 1e6,
  })}\n`,
);
