import { walk } from '../synthesized/stack-json';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { gibOf } from './estimators/in-cluster';

/** What pods of a workload ask for together. */
export interface WorkloadRequest {
  /** `Deployment/model-server`, or `chart/loki`. */
  readonly workload: string;
  readonly namespace: string;
  /** Requested CPU of all its pods, in millicores. */
  readonly cpuMillis: number;
  /** Requested memory of all its pods, in MiB. */
  readonly memoryMib: number;
}

/** What replicas are called in Kubernetes and in charts. */
const REPLICAS = ['replicas', 'replicaCount', 'minReplicas', 'count', 'instances'];
/** They run before the others and ask for nothing beside them. */
const BEFORE = /^init|InitContainer/;

/**
 * What asks for CPU and memory in a stack's cluster: its own objects, those of operators, and charts by their values.
 * An autoscaler's fewest replicas count. What a chart asks for by its own defaults isn't seen.
 */
export function workloadRequests(stack: SynthesizedStack): WorkloadRequest[] {
  let contents: SynthesizedStack['contents'];
  try {
    contents = stack.contents;
  } catch {
    // A stack of somebody else's with objects that aren't read here.
    return [];
  }
  const fewest = new Map(
    contents.objects
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .map(({ spec }) => [
        `${walk(spec, ['scaleTargetRef', 'kind'])}/${walk(spec, ['scaleTargetRef', 'name'])}`,
        Number(walk(spec, ['minReplicas']) ?? 1),
      ]),
  );
  const objects = [...contents.objects, ...Object.values(contents.customResources).flat()].map((object) => ({
    workload: `${object.kind}/${object.metadata.name}`,
    namespace: object.metadata.namespace ?? '',
    ...requested(object, fewest.get(`${object.kind}/${object.metadata.name}`) ?? 1),
  }));
  const charts = contents.charts.map(({ name, namespace, values }) => ({
    workload: `chart/${name}`,
    namespace,
    ...requested(values, 1),
  }));
  return [...objects, ...charts].filter(({ cpuMillis, memoryMib }) => cpuMillis > 0 || memoryMib > 0);
}

/** All requests below a value, each times the replicas said nearest above it. */
function requested(value: unknown, replicas: number): Pick<WorkloadRequest, 'cpuMillis' | 'memoryMib'> {
  if (typeof value !== 'object' || value === null) return { cpuMillis: 0, memoryMib: 0 };
  if (Array.isArray(value)) return total(value.map((one) => requested(one, replicas)));
  const fields = value as Readonly<Record<string, unknown>>;
  const said = REPLICAS.map((name) => fields[name]).find((one) => typeof one === 'number');
  const count = typeof said === 'number' ? said : replicas;
  const own = fields.requests;
  const here =
    typeof own === 'object' && own !== null
      ? {
          cpuMillis: millis((own as Record<string, unknown>).cpu) * count,
          memoryMib: gibOf((own as Record<string, unknown>).memory ?? 0) * 1024 * count,
        }
      : { cpuMillis: 0, memoryMib: 0 };
  const below = Object.entries(fields)
    .filter(([key]) => key !== 'requests' && !BEFORE.test(key))
    .map(([, one]) => requested(one, count));
  return total([here, ...below]);
}

function total(parts: readonly Pick<WorkloadRequest, 'cpuMillis' | 'memoryMib'>[]) {
  return parts.reduce(
    (all, one) => ({ cpuMillis: all.cpuMillis + one.cpuMillis, memoryMib: all.memoryMib + one.memoryMib }),
    { cpuMillis: 0, memoryMib: 0 },
  );
}

/** Millicores of `500m` or `2`. */
function millis(quantity: unknown): number {
  const parts = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(quantity ?? ''));
  if (!parts) return 0;
  return Number(parts[1]) * (parts[2] ? 1 : 1000);
}
