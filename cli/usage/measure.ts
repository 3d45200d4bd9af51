import { CADVISOR_METRICS, KUBE_STATE_METRICS } from '../../constructs/kubernetes/dashboards/cluster-metrics';
import type { ReplicaSize } from '../../src';
import { quantilesOf } from '../../src/sizing/quantiles';
import type { ContainerUsage } from '../../src/sizing/recommended-size';
import { type Owners, ownersOf } from './owners';
import { type Prometheus, PrometheusError, type Series } from './prometheus';

const ksm = KUBE_STATE_METRICS;
const cadvisor = CADVISOR_METRICS;

/** Five minutes, which a rate is taken of. */
const STEP = 300;
const DAY = 86_400;
const MIB = 2 ** 20;
const PER_CONTAINER = 'namespace, pod, container';
/** Without the pod's sum and its sandbox. */
const CONTAINERS = '{container!="",container!="POD"}';

/** What runs in a cluster, and on what. */
export interface ClusterUsage {
  readonly containers: readonly ContainerUsage[];
  /** What a node has for pods on average, and where it is from: `aws`, `azure`, `kind`. Absent where nothing tells. */
  readonly node?: ReplicaSize & { readonly cloud: string };
}

export interface MeasureOptions {
  readonly days: number;
  /** Seconds since 1970. */
  readonly now: number;
}

type Ask = (expression: string) => Promise<Series[]>;

/**
 * Asks for what containers that are there now request, and what they and their workload's pods before them used.
 *
 * @throws PrometheusError when it isn't there, or has nothing of a cluster
 */
export async function measure(prometheus: Prometheus, { days, now }: MeasureOptions): Promise<ClusterUsage> {
  const end = Math.floor(now / STEP) * STEP;
  const ask: Ask = (expression) => prometheus.query(expression, end);
  const window = `[${days}d]`;
  const present = await ask(`max by (${PER_CONTAINER}) (${ksm.containerInfo})`);
  if (present.length === 0) throw missing(ksm.containerInfo, 'kube-state-metrics');
  const owners = await ownersOf(ask, window);
  const grouped = (series: readonly Series[]) => byContainer(series, owners);

  const cpu = await usedBy(prometheus, `rate(${cadvisor.cpuSeconds}${CONTAINERS}[${STEP}s])`, end, days);
  if (cpu.length === 0) throw missing(cadvisor.cpuSeconds, "the kubelet's cAdvisor");
  const memory = await usedBy(prometheus, `max_over_time(${cadvisor.memory}${CONTAINERS}[${STEP}s])`, end, days);
  const used = { cpu: grouped(cpu), memory: grouped(memory) };
  const request = async (resource: string) =>
    grouped(await ask(`max by (${PER_CONTAINER}) (${ksm.containerRequests}{resource="${resource}"})`));
  const requested = { cpu: await request('cpu'), memory: await request('memory') };
  const counted = async (metric: string) =>
    grouped(await ask(`sum by (${PER_CONTAINER}) (increase(${metric}${CONTAINERS}${window}))`));
  const periods = { all: await counted(cadvisor.periods), throttled: await counted(cadvisor.throttledPeriods) };
  const killed = grouped(
    await ask(`max by (${PER_CONTAINER}) (max_over_time(${ksm.lastTerminated}{reason="OOMKilled"}${window})) == 1`),
  );
  const running = await ask(`max by (namespace, pod) (${ksm.podPhase}{phase="Running"}) == 1`);
  const runs = new Set(running.map(({ labels }) => `${labels.namespace}/${labels.pod}`));

  const containers = [...grouped(present)].map(([id, pods]): ContainerUsage => {
    const [namespace = '', workload = '', container = ''] = id.split('\n');
    const ofCpu = samples(used.cpu.get(id));
    const ofMemory = samples(used.memory.get(id));
    const all = sum(values(periods.all.get(id)));
    return {
      namespace,
      workload,
      container,
      pods: pods.filter(({ labels }) => runs.has(`${namespace}/${labels.pod}`)).length,
      requested: {
        ...(requested.cpu.has(id) && { cpuMillis: Math.round(most(values(requested.cpu.get(id))) * 1000) }),
        ...(requested.memory.has(id) && { memoryMib: Math.round(most(values(requested.memory.get(id))) / MIB) }),
      },
      cpuMillis: quantilesOf(ofCpu.map(([, cores]) => cores * 1000)),
      memoryMib: quantilesOf(ofMemory.map(([, bytes]) => bytes / MIB)),
      hours: hoursOf([...ofCpu, ...ofMemory].map(([time]) => time)),
      ...(all > 0 && { throttledPercent: (sum(values(periods.throttled.get(id))) / all) * 100 }),
      outOfMemory: killed.has(id),
      scaledByCpu: owners.scaledByCpu.has(`${namespace}/${workload}`),
    };
  });
  return { containers, node: await nodeOf(ask) };
}

const missing = (metric: string, from: string) =>
  new PrometheusError(`the Prometheus has no ${metric}, so nothing is known of containers; let it scrape ${from}.`);

/** Series of the same container of a workload, in whatever pod. */
function byContainer(series: readonly Series[], owners: Owners): ReadonlyMap<string, readonly Series[]> {
  const groups = new Map<string, Series[]>();
  for (const one of series) {
    const { namespace = '', pod = '', container = '' } = one.labels;
    const id = [namespace, owners.workloadOf(namespace, pod), container].join('\n');
    const group = groups.get(id);
    if (group) group.push(one);
    else groups.set(id, [one]);
  }
  return groups;
}

/** What an expression was worth of each container every five minutes, asked by the day so that no answer is too large. */
async function usedBy(prometheus: Prometheus, expression: string, end: number, days: number): Promise<Series[]> {
  const all: Series[] = [];
  for (let day = days; day > 0; day -= 1) {
    const range = { start: end - day * DAY + STEP, end: end - (day - 1) * DAY, step: STEP };
    all.push(...(await prometheus.queryRange(`max by (${PER_CONTAINER}) (${expression})`, range)));
  }
  return all;
}

async function nodeOf(ask: Ask): Promise<ClusterUsage['node']> {
  const mean = async (resource: string) =>
    values(await ask(`avg(max by (node) (${ksm.nodeAllocatable}{resource="${resource}"}))`))[0];
  const [cores, bytes] = [await mean('cpu'), await mean('memory')];
  if (!cores || !bytes) return undefined;
  const [info] = await ask(ksm.nodeInfo);
  const [cloud = ''] = (info?.labels.provider_id ?? '').split(':');
  return { cpuMillis: cores * 1000, memoryMib: bytes / MIB, cloud };
}

const samples = (series: readonly Series[] = []) => series.flatMap((one) => one.samples);
const values = (series?: readonly Series[]) => samples(series).map(([, value]) => value);
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const most = (numbers: readonly number[]) => numbers.reduce((all, one) => Math.max(all, one), Number.NEGATIVE_INFINITY);

/** From the first to the last; each is of the five minutes before it. */
function hoursOf(times: readonly number[]): number {
  if (times.length === 0) return 0;
  const first = times.reduce((least, one) => Math.min(least, one));
  return (most(times) - first + STEP) / 3600;
}
