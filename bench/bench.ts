import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseCores } from './cores';
import { BenchError } from './errors';
import type { Curve, Figure } from './figures';
import type { HistoryKind } from './histories';
import { generateLoad, type LoadPhase, type PhaseResult } from './load-generator';
import { RUNG_HEADER, shareByModel } from './objective';
import { stolenMilliseconds } from './process-usage';
import { type BenchServer, type ServerOptions, startServer } from './servers';
import { createModelStore, createWorkload, type Workload } from './workload';

/** Lags above it, milliseconds, would be the generator's share of a p99 of 100 ms. */
const LAG_MS = 10;
const ATTEMPTS = 3;
/** More of them where the generator came late: what it measured then is worth nothing, and a search takes an hour. */
const ATTEMPTS_IN_TIME = 8;
/**
 * Of a load's time: when a virtual machine's host took more of the generator's and the server's cores, what was measured
 * is the host's other work. Every server is measured again then, whatever came out.
 */
const STOLEN_SHARE = 0.005;
const SETTLE_MS = 10_000;

export interface Load {
  /** Requests a second, or `closed`. */
  readonly rate: LoadPhase['rate'];
  readonly connections: number;
  /** @default 8 */
  readonly seconds?: number;
  readonly requests?: readonly string[];
  /** Whether the server was loaded like this before, and needs no long warm-up. @default false */
  readonly warm?: boolean;
}

export interface Measured extends PhaseResult {
  /** Processor time of the server per completed request, microseconds. */
  readonly cpu: number;
  /** The same in total, of each of its processes, microseconds. */
  readonly cpuByProcess: readonly number[];
  /** Resident memory at the end of the load, bytes. */
  readonly rss: number;
  /** What the machine's host took from the cores of generator and server, milliseconds. */
  readonly stolenMs: number;
  /** Share of the answers that the model gave, 0 to 1: our server answers by popular items when the model is late. */
  readonly byModel: number;
}

/** What scenarios measure with: servers and load on cores of their own, workloads made once. */
export class Bench {
  readonly cores = chooseCores();
  /** What was measured before, by id: bars of one scenario can rest on another. */
  readonly figures = new Map<string, Figure>();
  readonly curves: Curve[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'bench-'));
  private readonly workloads = new Map<HistoryKind, Workload>();

  /** @param quick short rounds and few connections: shows that all works, measures nothing worth keeping */
  constructor(
    readonly quick: boolean,
    readonly log: (line: string) => void,
  ) {}

  async open(): Promise<void> {
    process.once('exit', () => this.close());
    await createModelStore(this.folder);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A file of this run. */
  path(name: string): string {
    return join(this.folder, name);
  }

  async workload(kind: HistoryKind): Promise<Workload> {
    const made = this.workloads.get(kind) ?? (await createWorkload(this.folder, kind));
    this.workloads.set(kind, made);
    return made;
  }

  get madeWorkloads(): Workload[] {
    return [...this.workloads.values()];
  }

  /** Rounds of a comparison. */
  get rounds(): number {
    return this.quick ? 1 : 3;
  }

  seconds(full: number): number {
    return this.quick ? Math.min(1, full) : full;
  }

  connections(full: number): number {
    return this.quick ? Math.min(500, full) : full;
  }

  /** Starts a server for as long as `use` runs, on one core unless asked for more. */
  async withServer<T>(
    options: Omit<ServerOptions, 'workload' | 'cores'> & { readonly histories?: HistoryKind; readonly cores?: number },
    use: (server: BenchServer) => Promise<T>,
  ): Promise<T> {
    const workload = await this.workload(options.histories ?? 'short');
    const cores = this.cores.servers.slice(0, options.cores ?? 1);
    const server = await startServer({ ...options, workload, cores });
    try {
      return await use(server);
    } finally {
      await server.stop();
    }
  }

  /**
   * Loads a server, after a warm-up that begins at a quarter of the rate: connections that the kernel has opened wait to
   * be accepted.
   *
   * @throws BenchError when the generator itself came late again and again
   */
  async load(server: BenchServer, load: Load): Promise<Measured> {
    for (let attempt = 1; ; attempt++) {
      const measured = await this.loadOnce(server, load);
      const stolen = measured.stolenMs > STOLEN_SHARE * measured.seconds * 1000;
      if (stolen && attempt < ATTEMPTS) {
        this.log(`    the host took ${measured.stolenMs} ms of ${measured.seconds} s from the cores: measured again`);
        continue;
      }
      if (measured.lag.p99 <= LAG_MS) return measured;
      const late = `the generator came ${measured.lag.p99} ms late (p99), more than ${LAG_MS} ms`;
      if (attempt === ATTEMPTS_IN_TIME)
        throw new BenchError(`${late}: its core has other work; measure on a quiet machine`);
      this.log(`    ${late}: measured again`);
    }
  }

  private async loadOnce(
    server: BenchServer,
    { rate, connections, seconds = 8, requests, warm = false }: Load,
  ): Promise<Measured> {
    // Our server lets a new connection wait 10 s for its first request.
    const gentle = rate === 'closed' ? connections : Math.min(rate, Math.max(rate, connections) / 4);
    const phases = [
      { rate: gentle, seconds: this.seconds(warm ? 0.5 : 3) },
      { rate, seconds: this.seconds(warm ? 0.5 : 2) },
      { rate, seconds: this.seconds(seconds) },
    ];
    const cores = [this.cores.generator, ...server.cores];
    const cpu: number[][] = [];
    const stolen: number[] = [];
    let rss = 0;
    const { phases: results } = await generateLoad({
      port: server.port,
      requests: requests ?? server.requests,
      connections,
      phases,
      core: this.cores.generator,
      countHeader: RUNG_HEADER,
      onPhase: (phase) => {
        cpu[phase] = server.cpuByProcess();
        stolen[phase] = stolenMilliseconds(cores);
        rss = server.rss();
      },
    });
    const last = results[2] as PhaseResult;
    const before = cpu[2] ?? [];
    const cpuByProcess = (cpu[3] ?? []).map((after, i) => after - (before[i] ?? 0));
    await settle(server);
    return {
      ...last,
      cpu: cpuByProcess.reduce((sum, each) => sum + each, 0) / last.completed,
      cpuByProcess,
      stolenMs: (stolen[3] ?? 0) - (stolen[2] ?? 0),
      rss,
      byModel: server.name === 'ours' ? shareByModel(last) : 1,
    };
  }
}

/** Waits until a server has nothing left of the last load: it then uses less than a tenth of a core. */
async function settle(server: BenchServer): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  for (let before = server.cpu(); performance.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const now = server.cpu();
    if (now - before < 30_000) return;
    before = now;
  }
}
