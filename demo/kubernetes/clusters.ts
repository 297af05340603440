import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Faults } from '../faults.ts';
import { Recorder } from '../recorder.ts';
import type { Sessions } from '../sessions.ts';
import type { EksClusterState } from '../world/eks-state.ts';
import type { AccountState, RegionState } from '../world/world.ts';
import { makeClusterCertificates } from './certificates.ts';
import { ClusterApi } from './cluster-api.ts';

interface Running {
  server: Server;
  endpoint: string;
  authority: string;
}

/**
 * The API servers of the demo's clusters: one HTTPS server on loopback for each, with a CA of its own. They are started
 * when EKS is first asked about them, because a test may add a cluster at any time.
 */
export class Clusters {
  /** What was asked of all clusters: `kubernetes:list pods`. */
  readonly recorder = new Recorder();
  readonly #faults: Faults;
  readonly #sessions: Sessions;
  readonly #now: () => Date;
  readonly #running = new Map<string, Promise<Running>>();

  constructor(faults: Faults, sessions: Sessions, now: () => Date) {
    this.#faults = faults;
    this.#sessions = sessions;
    this.#now = now;
  }

  /** Serves all clusters of a region that are not served yet; EKS then tells their endpoints and CAs. */
  async serve(account: AccountState, region: RegionState): Promise<void> {
    for (const state of region.eks.clusters) {
      if (state.kubernetes === undefined || this.#running.has(state.cluster.arn)) continue;
      const started = this.#start(account, region, state);
      this.#running.set(state.cluster.arn, started);
      const { endpoint, authority } = await started;
      state.cluster.endpoint = endpoint;
      state.cluster.certificateAuthority = { data: Buffer.from(authority).toString('base64') };
    }
    await Promise.all(region.eks.clusters.map(({ cluster }) => this.#running.get(cluster.arn)));
  }

  /** Takes the API server of a cluster down for good; its endpoint stays what it was. */
  async stop(cluster: { arn: string }): Promise<void> {
    await stopped((await this.#running.get(cluster.arn))?.server);
  }

  async close(): Promise<void> {
    for (const running of this.#running.values()) await stopped((await running).server);
  }

  async #start(account: AccountState, region: RegionState, state: EksClusterState): Promise<Running> {
    const { authority, server: own } = makeClusterCertificates(this.#now());
    const parts = { faults: this.#faults, sessions: this.#sessions, recorder: this.recorder, now: this.#now };
    const api = new ClusterApi(state, { accountId: account.id, region: region.name }, parts);
    const server = createServer({ key: own.key, cert: own.certificate }, (request, response) => {
      api.serve(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return { server, authority, endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
}

async function stopped(server: Server | undefined): Promise<void> {
  if (server?.listening !== true) return;
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
