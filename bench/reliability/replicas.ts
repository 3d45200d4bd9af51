import { setTimeout as pause } from 'node:timers/promises';
import { freePort, type Haproxy, startHaproxy } from '@cdktf-recommender/rehearsal';
import { ServerProcess } from './server-process';
import { type SmallStore, smallStore } from './small-store';

const REPLICAS = 3;
/** Longer than the balancer needs to see that a replica is not ready. */
const DRAIN_SECONDS = 2;
const SHUTDOWN_SECONDS = 10;
/** Between two health checks; the first failed one takes a replica out. */
const CHECK_MS = 200;
const POLL_MS = 50;
const PATIENCE_MS = 30_000;

export interface ReplicasOptions {
  /** Whether the balancer asks another replica, once, when one does not answer what is safe to ask again. */
  readonly retry: boolean;
  readonly onProgress?: (line: string) => void;
}

/** Three servers behind haproxy, which asks their `/readyz`. */
export class Replicas {
  private constructor(
    readonly store: SmallStore,
    /** The balancer's. */
    readonly port: number,
    readonly haproxyVersion: string,
    private readonly haproxy: Haproxy,
    private readonly countPort: number,
    private readonly servers: ServerProcess[],
  ) {}

  static async start({ retry, onProgress }: ReplicasOptions): Promise<Replicas> {
    const store = await smallStore({ versions: 2 });
    const servers = await Promise.all(Array.from({ length: REPLICAS }, () => startReplica(store)));
    const [port, countPort] = [await freePort(), await freePort()];
    const configuration = haproxyConfiguration(
      port,
      countPort,
      servers.map((server) => server.port),
      retry,
    );
    const haproxy = await startHaproxy({ configuration, onProgress });
    const replicas = new Replicas(store, port, haproxy.version, haproxy, countPort, servers);
    await replicas.allInUse();
    return replicas;
  }

  /** Ends one as a deployment does, and starts it again. @returns milliseconds from SIGTERM to its end */
  async restart(replica: number): Promise<number> {
    const server = this.at(replica);
    const started = performance.now();
    const code = await server.stop('SIGTERM');
    const milliseconds = performance.now() - started;
    if (code !== 0) throw new Error(`a replica ended with ${code} after SIGTERM:\n${server.log}`);
    await this.replace(replica);
    return milliseconds;
  }

  /** Ends one without warning, and starts it again. */
  async kill(replica: number): Promise<void> {
    await this.at(replica).stop('SIGKILL');
    await this.replace(replica);
  }

  /** Promotes a version, and waits until every replica answers by it. */
  async swap(version: string): Promise<void> {
    await this.store.promote(version);
    await this.until(`every replica serves ${version}`, async () => {
      const served = await Promise.all(
        this.servers.map(async ({ url }) => {
          const answer = (await (await fetch(`${url}/v1/model`)).json()) as { modelVersion: string };
          return answer.modelVersion;
        }),
      );
      return served.every((id) => id === version);
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.haproxy.stop(), ...this.servers.map((server) => server.stop('SIGKILL'))]);
    await this.store.remove();
  }

  private at(replica: number): ServerProcess {
    return this.servers[replica % REPLICAS] as ServerProcess;
  }

  private async replace(replica: number): Promise<void> {
    this.servers[replica % REPLICAS] = await startReplica(this.store, this.at(replica).port);
    await this.allInUse();
  }

  private allInUse(): Promise<void> {
    return this.until('the balancer uses every replica', async () => {
      const answer = await fetch(`http://127.0.0.1:${this.countPort}/`);
      return (await answer.text()) === `${REPLICAS}`;
    });
  }

  private async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`gave up waiting until ${what}`);
      await pause(POLL_MS);
    }
  }
}

function startReplica({ store, users }: SmallStore, port?: number): Promise<ServerProcess> {
  return ServerProcess.start({
    store,
    users,
    port,
    environment: {
      RECOMMENDER_POLL_SECONDS: '1',
      RECOMMENDER_DRAIN_SECONDS: `${DRAIN_SECONDS}`,
      RECOMMENDER_SHUTDOWN_SECONDS: `${SHUTDOWN_SECONDS}`,
    },
  });
}

/** A session's recommendations change nothing, so that they can be asked for again although they are a POST. */
const RETRY = `
  retries 1
  option redispatch 1
  retry-on conn-failure empty-response
  http-request disable-l7-retry unless { method GET } or { path /v1/recommendations }`;

function haproxyConfiguration(port: number, countPort: number, servers: readonly number[], retry: boolean): string {
  return `global
  maxconn 5000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 10s
frontend shop
  bind 127.0.0.1:${port}
  default_backend replicas
frontend count
  bind 127.0.0.1:${countPort}
  http-request return status 200 content-type text/plain lf-string "%[nbsrv(replicas)]"
backend replicas
  balance roundrobin
  option httpchk GET /readyz
  http-check expect status 200
  default-server check inter ${CHECK_MS}ms fall 1 rise 1
${retry ? RETRY : '  retries 0'}
${servers.map((server, i) => `  server replica-${i} 127.0.0.1:${server}`).join('\n')}
`;
}

/** From SIGTERM to the end, milliseconds: what a replica is given. */
export const GRACE_MS = (DRAIN_SECONDS + SHUTDOWN_SECONDS) * 1000;
