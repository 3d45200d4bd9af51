import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  addNode,
  FLAGGER_VERSION,
  flaggerCrds,
  gatewayApiCrds,
  installCrds,
  KUBERNETES_VERSION,
  OpenApi,
  PROMETHEUS_VERSION,
  startControlPlane,
  startFlagger,
  startPrometheus,
} from '@cdktf-recommender/rehearsal';
import type { CheckResult } from './bars';
import { DeliveredStack } from './delivery/delivered-stack';
import { FlaggerWords } from './delivery/flagger-words';
import { barsOf, notesOf, type Outcome, shown } from './delivery/outcomes';
import { POD_LABEL, PodProcesses } from './delivery/pod-processes';
import { Rollouts } from './delivery/rollout';
import { Shopper } from './delivery/shopper';
import { KINDS, type Kind, Versions } from './delivery/versions';
import { WeightedProxies } from './delivery/weighted-proxy';

/** The shortest that Flagger has, where the construct has 60 at least. */
const INTERVAL_SECONDS = 10;
/** Several samples in an interval, as a scrape each 30 s gives for longer ones. */
const SCRAPE_SECONDS = 2;
/** Requests a second to each namespace: a tenth of them is a hundred in an interval, so that one slow one is 1 %. */
const RATE = 100;
/** Room for the requests of twenty servers, so that none waits for a node. */
const NODES = ['a', 'b', 'c'].map((zone) => ({ name: `node-${zone}`, zone, cpu: '16', memory: '64Gi' }));
const LOOK_MS = 100;
/** Where Linux has files in memory: latencies are the servers', not those of a disk that others use as well. */
const MEMORY = '/dev/shm';

export interface ProgressiveDeliveryOptions {
  /** Versions of each kind. @default 10 */
  readonly rollouts?: number;
  /** @default - all */
  readonly kinds?: readonly Kind[];
  /** Namespaces, each with a model server that is rolled out, at the same time. @default 4 */
  readonly lanes?: number;
  readonly onProgress: (line: string) => void;
}

/** Rolls versions out, good and bad, by Flagger on a control plane, with real servers as their pods, under load. */
export async function progressiveDelivery(options: ProgressiveDeliveryOptions): Promise<CheckResult> {
  const { rollouts = 10, kinds = Object.keys(KINDS) as Kind[], lanes = 4, onProgress } = options;
  const started = performance.now();
  const namespaces = Array.from({ length: lanes }, (_, i) => `recommender-${i + 1}`);
  const queue = Array.from({ length: rollouts }, () => kinds).flat();
  const cluster = await Cluster.start(namespaces, onProgress);
  try {
    const outcomes = await Promise.all(namespaces.map((namespace) => cluster.lane(namespace, queue)));
    return {
      name: 'progressive delivery',
      conditions: `Flagger ${FLAGGER_VERSION} on Kubernetes ${KUBERNETES_VERSION} and Prometheus ${PROMETHEUS_VERSION} as they are, the objects as the constructs make them but with ${INTERVAL_SECONDS} s in place of 60 between two looks; ${lanes} namespaces, each with ${RATE} requests/s. Stand-ins of ours: for the kubelets (each pod is a process of the model server, its histories in memory), for the gateway (a proxy by the HTTPRoute's weights, which asks nobody twice), for Terraform (objects applied on the server's side)`,
      bars: barsOf(kinds, outcomes.flat(), rollouts),
      notes: notesOf(kinds, outcomes.flat()),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await cluster.stop();
  }
}

type Stop = () => Promise<unknown>;

/** A control plane with Flagger, Prometheus and what stands in for kubelets and gateway. */
class Cluster {
  private constructor(
    private readonly versions: Versions,
    private readonly proxies: WeightedProxies,
    private readonly rolloutsIn: (namespace: string) => Rollouts,
    private readonly onProgress: (line: string) => void,
    readonly stop: Stop,
  ) {}

  static async start(namespaces: readonly string[], onProgress: (line: string) => void): Promise<Cluster> {
    const stops: Stop[] = [];
    const stop = async () => {
      for (const one of stops.splice(0).reverse()) await one();
    };
    const kept = <T extends { stop: Stop }>(one: T): T => {
      stops.push(() => one.stop());
      return one;
    };
    try {
      const folder = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'delivery-'));
      stops.push(() => rm(folder, { recursive: true, force: true }));
      const controlPlane = kept(await startControlPlane({ podsRunElsewhere: POD_LABEL, onProgress }));
      for (const node of NODES) await addNode(controlPlane, node);
      await installCrds(controlPlane, [...(await flaggerCrds()), ...(await gatewayApiCrds())]);
      const versions = kept(await Versions.prepare(folder, onProgress));
      const { imageEnvironment } = versions;
      const pods = kept(new PodProcesses({ controlPlane, folder, imageEnvironment, onProgress }));
      const config = prometheusConfig(pods.targetsFile);
      const { url: prometheusUrl } = kept(await startPrometheus({ config, onProgress }));
      const { meshProvider } = DeliveredStack.of(versions.next('good'), prometheusUrl).values('flagger');
      const words = new FlaggerWords();
      const onLog = (line: string) => words.add(line);
      kept(
        await startFlagger(controlPlane, { prometheusUrl, meshProvider: meshProvider as string, onLog, onProgress }),
      );
      const proxies = kept(
        await WeightedProxies.start({ controlPlane, namespaces, portOf: (ip) => pods.portOf(ip), onProgress }),
      );
      const openApi = await OpenApi.of(controlPlane);
      const intervalSeconds = INTERVAL_SECONDS;
      const rolloutsIn = (namespace: string) =>
        new Rollouts(namespace, { controlPlane, openApi, prometheusUrl, words, intervalSeconds });
      return new Cluster(versions, proxies, rolloutsIn, onProgress, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** Takes kinds of versions from the queue until it is empty, and rolls them out one after the other. */
  async lane(namespace: string, queue: Kind[]): Promise<Outcome[]> {
    const rollouts = this.rolloutsIn(namespace);
    let served = this.versions.next('good');
    await rollouts.begin(served);
    while (!this.proxies.serves(namespace)) await pause(LOOK_MS);
    const port = this.proxies.port(namespace);
    const shopper = new Shopper(port, RATE);
    const outcomes: Outcome[] = [];
    try {
      for (let kind = queue.shift(); kind; kind = queue.shift()) {
        const before = { ...shopper.counts };
        const version = this.versions.next(kind, served);
        const result = await rollouts.rollOut(version);
        if (result.promoted) served = version;
        const requests = shopper.counts.requests - before.requests;
        const failed = shopper.counts.failed - before.failed;
        const rightModel = (await modelAt(port)) === this.versions.modelOf(served);
        const [changed, changedByFlagger] = [await rollouts.changed(), await rollouts.changedByFlagger()];
        outcomes.push({ ...result, kind, requests, failed, changed, changedByFlagger, rightModel });
        this.onProgress(`${namespace}: ${shown({ ...result, kind })}, ${queue.length} to go`);
      }
      return outcomes;
    } finally {
      shopper.stop();
    }
  }
}

async function modelAt(port: number): Promise<string> {
  // On a connection of its own: one kept since the rollout before may be closed just now.
  const answer = await fetch(`http://127.0.0.1:${port}/v1/model`, { headers: { connection: 'close' } });
  return ((await answer.json()) as { modelVersion: string }).modelVersion;
}

function prometheusConfig(targetsFile: string): Record<string, unknown> {
  const job = { job_name: 'model-server', file_sd_configs: [{ files: [targetsFile], refresh_interval: '1s' }] };
  return {
    global: { scrape_interval: `${SCRAPE_SECONDS}s`, scrape_timeout: `${SCRAPE_SECONDS}s` },
    scrape_configs: [job],
  };
}
