import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running moto server. */
export interface Moto {
  readonly endpoint: string;
  /** Environment variables that point any AWS SDK at it. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a Python script of test/e2e with boto3 against it and returns the JSON it printed. */
  seed(script: string, ...args: string[]): unknown;
  close(): Promise<void>;
}

const START_ATTEMPTS = 200;

/** Starts moto server on a free loopback port; the runner (test/e2e/run.ts) has installed it. */
export async function startMoto(): Promise<Moto> {
  const bin = process.env.HULLCHECK_MOTO;
  if (bin === undefined)
    throw new Error('HULLCHECK_MOTO is not set: run the end-to-end tests with `npm run test:e2e`.');
  const port = await freePort();
  // Into a file: while `seed` waits for a script nobody would read a pipe, and a full one stops the server.
  const directory = mkdtempSync(join(tmpdir(), 'hullcheck-moto-'));
  const log = openSync(join(directory, 'moto.log'), 'w+');
  const server = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', log],
  });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await fetch(`${endpoint}/moto-api/data.json`).catch(() => undefined);
    if (answer?.ok === true) break;
    if (attempt === START_ATTEMPTS || server.exitCode !== null) {
      throw new Error(`moto did not start:\n${readFileSync(join(directory, 'moto.log'), 'utf8').slice(-4000)}`);
    }
    await sleep(100);
  }
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
  };
  return {
    endpoint,
    env,
    seed(script, ...args) {
      const path = new URL(`../e2e/${script}`, import.meta.url).pathname;
      const { status, stdout, stderr } = spawnSync(join(bin, 'python'), [path, ...args], {
        encoding: 'utf8',
        env: { ...process.env, ...env, AWS_DEFAULT_REGION: 'us-east-1' },
      });
      if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
      return JSON.parse(stdout);
    },
    async close() {
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
      closeSync(log);
      rmSync(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
