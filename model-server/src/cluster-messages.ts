import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import type { UserChanges } from './user-state/file-user-state-store';

/** A worker that takes longer hangs, and the others' metrics are worth having without it. */
const ANSWER_MS = 1000;
/** The primary answers within {@link ANSWER_MS}, unless it hangs itself. */
const PRIMARY_MS = 3 * ANSWER_MS;

type Snapshot = object[];
/** Between the primary and its workers; others' messages on the same channel have other kinds. */
type Message =
  | { readonly kind: 'metrics-wanted' | 'metrics-asked'; readonly id: number }
  | { readonly kind: 'metrics-snapshot'; readonly id: number; readonly snapshot: Snapshot }
  | { readonly kind: 'metrics-text'; readonly id: number; readonly text: string }
  | { readonly kind: 'log-level'; readonly level: string }
  | { readonly kind: 'user-changed'; readonly user: string };

/** In the primary: puts its workers' metrics together when one of them is scraped, and passes on what one tells all. */
export function relayBetweenWorkers(): void {
  const rounds = new Map<number, (worker: Worker, snapshot: Snapshot) => void>();
  let nextRound = 0;

  const collect = (): Promise<Snapshot[]> =>
    new Promise((resolve) => {
      const id = nextRound++;
      const asked = new Set(living());
      const snapshots: Snapshot[] = [];
      const end = () => {
        clearTimeout(timer);
        rounds.delete(id);
        resolve(snapshots);
      };
      const timer = setTimeout(end, ANSWER_MS);
      rounds.set(id, (worker, snapshot) => {
        if (asked.delete(worker)) snapshots.push(snapshot);
        if (asked.size === 0) end();
      });
      for (const worker of asked) tell(worker, { kind: 'metrics-asked', id });
    });

  cluster.on('message', (from, message: Message) => {
    if (message.kind === 'metrics-snapshot') rounds.get(message.id)?.(from, message.snapshot);
    if (message.kind === 'log-level' || message.kind === 'user-changed') {
      for (const worker of living()) if (worker !== from) tell(worker, message);
    }
    if (message.kind === 'metrics-wanted') {
      void collect().then(async (snapshots) => {
        const text = await AggregatorRegistry.aggregate(snapshots).metrics();
        tell(from, { kind: 'metrics-text', id: message.id, text });
      });
    }
  });
}

/** A worker's side of the relay. */
export class WorkerChannel implements UserChanges {
  private readonly userListeners: ((user: string) => void)[] = [];
  private readonly wanted = new Map<number, (text: string) => void>();
  private nextId = 0;

  /** @param onLogLevel called when another worker was given a level */
  constructor(registry: Registry, onLogLevel: (level: string) => void) {
    process.on('message', (message: Message) => {
      if (message.kind === 'log-level') onLogLevel(message.level);
      if (message.kind === 'user-changed') for (const listener of this.userListeners) listener(message.user);
      if (message.kind === 'metrics-text') this.wanted.get(message.id)?.(message.text);
      if (message.kind === 'metrics-asked') {
        void registry.getMetricsAsJSON().then((snapshot) => {
          send({ kind: 'metrics-snapshot', id: message.id, snapshot });
        });
      }
    });
  }

  /**
   * The metrics of all workers, put together as one process's.
   *
   * @throws Error when the primary does not answer
   */
  metrics(): Promise<string> {
    const id = this.nextId++;
    return new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the primary process does not answer')), PRIMARY_MS);
      this.wanted.set(id, (text) => {
        clearTimeout(timer);
        resolve(text);
      });
      send({ kind: 'metrics-wanted', id });
    }).finally(() => this.wanted.delete(id));
  }

  shareUser(user: string): void {
    send({ kind: 'user-changed', user });
  }

  onUser(listener: (user: string) => void): void {
    this.userListeners.push(listener);
  }

  /** Gives the other workers a log level. */
  shareLogLevel(level: string): void {
    send({ kind: 'log-level', level });
  }
}

function send(message: Message): void {
  // Without a channel the primary is gone, and this worker soon too.
  if (process.connected) process.send?.(message);
}

function tell(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message);
}

function living(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected()) as Worker[];
}
