import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  addNode,
  type ControlPlane,
  type FedMetrics,
  feedMetrics,
  KUBERNETES_VERSION,
  rehearse,
  startControlPlane,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { loadConfig } from '../../src';
import { BenchError } from '../errors';
import { ROOT } from '../repository';
import { atLeast, atMost, type Bar, type CheckResult } from './bars';

const STACK = 'azure-prod';
const NAMESPACE = 'recommender';
const NAME = 'model-server';
const [FEWEST, MOST] = [2, 50];
const ZONES = ['a', 'b', 'c'];
/** Four times what a replica requests. */
const BUSY_MILLIS = 2000;
const POLL_MS = 250;
/** The autoscaler looks every 15 s, so each of its steps may come that much later. */
const LOOK_SECONDS = 15;
const CALM_SECONDS = 300;

export interface AutoscalingOptions {
  /** Whether to wait for the replicas to go again, which takes 26 minutes. @default true */
  readonly down?: boolean;
  readonly onProgress: (line: string) => void;
}

/** How many replicas were asked for from a moment on, seconds from the load's change. */
interface Step {
  readonly at: number;
  readonly replicas: number;
}

/** The model server's Deployment and autoscaler on a control plane, with pods that are told to be busy, then idle. */
export async function autoscaling({ down = true, onProgress }: AutoscalingOptions): Promise<CheckResult> {
  const started = performance.now();
  const controlPlane = await startControlPlane({ onProgress });
  let metrics: FedMetrics | undefined;
  try {
    for (const zone of ZONES) await addNode(controlPlane, { name: `node-${zone}`, zone, cpu: '16', memory: '64Gi' });
    await deploy(controlPlane);
    metrics = await feedMetrics(controlPlane, {
      namespace: NAMESPACE,
      selector: `app.kubernetes.io/name=${NAME}`,
      container: NAME,
    });
    metrics.cpuMillis = BUSY_MILLIS;
    const up = await watch(controlPlane, { until: MOST, seconds: 240, onProgress });
    const bars = [...upBars(up), atMost('replicas more in one zone than in another', await skew(controlPlane), 1)];
    const notes = [`up: ${shown(up)}`];
    if (down) {
      metrics.cpuMillis = 0;
      const way = await watch(controlPlane, { until: FEWEST, seconds: 2400, onProgress });
      bars.push(...downBars(way));
      notes.push(`down: ${shown(way)}`);
    }
    return {
      name: 'autoscaling',
      conditions: `the Deployment and the autoscaler of ${STACK} on Kubernetes ${KUBERNETES_VERSION} with nodes of kwok's in ${ZONES.length} zones; CPU as fed, ${BUSY_MILLIS}m and then 0 of each replica`,
      bars,
      notes,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await metrics?.stop();
    await controlPlane.stop();
  }
}

/** Deploys the stack as `recommender rehearse` does, so that its objects are on the control plane. */
async function deploy(controlPlane: ControlPlane): Promise<void> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'autoscaling-'));
  try {
    const config = join(stateDirectory, 'config.json');
    await writeFile(config, JSON.stringify({ ...loadConfig(ROOT), rehearsal: { stateDirectory } }));
    const environment = {
      CDKTF_RECOMMENDER_CONFIG: config,
      TF_VAR_image: `registry.example.com/model-server@sha256:${'0'.repeat(64)}`,
    };
    const { steps } = await rehearse({ project: ROOT, stack: STACK, environment, until: 'deploy', controlPlane });
    const failed = steps.find(({ ok }) => !ok);
    if (failed) throw new BenchError(`${failed.step} of ${STACK}: ${failed.error}`);
  } finally {
    await rm(stateDirectory, { recursive: true, force: true });
  }
}

interface Watch {
  /** Ends when so many replicas are asked for, or when the time is over. */
  readonly until: number;
  readonly seconds: number;
  readonly onProgress: (line: string) => void;
}

async function watch(controlPlane: ControlPlane, { until, seconds, onProgress }: Watch): Promise<Step[]> {
  const began = performance.now();
  const steps: Step[] = [];
  while ((performance.now() - began) / 1000 < seconds) {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${NAME}`;
    const { replicas } = ((await controlPlane.get(path)) as { spec: { replicas: number } }).spec;
    const at = (performance.now() - began) / 1000;
    if (steps.at(-1)?.replicas !== replicas) steps.push({ at, replicas });
    onProgress(`${replicas} replicas after ${at.toFixed(0)} s`);
    if (replicas === until) break;
    await pause(POLL_MS);
  }
  return steps;
}

/** By `AUTOSCALER_BEHAVIOR`: in 15 s doubled, or 4 more. */
function upBars(steps: readonly Step[]): Bar[] {
  const allowed = (before: number) => Math.max(2 * before, before + 4);
  const reached = steps.find(({ replicas }) => replicas === MOST)?.at ?? Number.POSITIVE_INFINITY;
  return [
    atMost(`from ${steps[0]?.replicas} to ${MOST} replicas in`, reached, 75 + LOOK_SECONDS, { unit: 's', digits: 1 }),
    atMost(
      'steps up that were too large',
      tooLarge(steps, 15, (now, before) => now > allowed(before)),
      0,
    ),
  ];
}

/** By `AUTOSCALER_BEHAVIOR`: after five calm minutes, a tenth less in a minute, or one. */
function downBars(steps: readonly Step[]): Bar[] {
  const allowed = (before: number) => Math.min(Math.floor(before * 0.9), before - 1);
  let minutes = 0;
  for (let replicas = MOST; replicas > FEWEST; replicas = allowed(replicas)) minutes++;
  const latest = CALM_SECONDS + LOOK_SECONDS + minutes * (60 + LOOK_SECONDS);
  const reached = steps.find(({ replicas }) => replicas === FEWEST)?.at ?? Number.POSITIVE_INFINITY;
  // The load may have been looked at up to one look before it ended.
  const calm = CALM_SECONDS - LOOK_SECONDS;
  return [
    atLeast('calm before the first replica goes', steps[1]?.at ?? Number.NaN, calm, { unit: 's', digits: 1 }),
    atMost(
      'steps down that were too large',
      tooLarge(steps, 60, (now, before) => now < allowed(before)),
      0,
    ),
    atMost(`from ${MOST} to ${FEWEST} replicas in`, reached, latest, { unit: 's', digits: 1 }),
  ];
}

/** Steps that differ too much from how it was a period before. */
function tooLarge(
  steps: readonly Step[],
  periodSeconds: number,
  isTooLarge: (now: number, before: number) => boolean,
): number {
  // What is polled is seen up to a poll late, and one step later than another.
  const period = periodSeconds - (2 * POLL_MS) / 1000;
  return steps.filter(({ at, replicas }) => {
    const before = steps.findLast((earlier) => earlier.at <= at - period) ?? steps[0];
    return before !== undefined && isTooLarge(replicas, before.replicas);
  }).length;
}

/** Replicas in the fullest zone beyond those in the emptiest, when all are running. */
async function skew(controlPlane: ControlPlane): Promise<number> {
  await succeed(
    controlPlane,
    ...['rollout', 'status', `deployment/${NAME}`, '--namespace', NAMESPACE, '--timeout=120s'],
  );
  const path = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app.kubernetes.io%2Fname%3D${NAME}`;
  const { items } = (await controlPlane.get(path)) as { items: { spec: { nodeName: string } }[] };
  const counts = ZONES.map((zone) => items.filter(({ spec }) => spec.nodeName === `node-${zone}`).length);
  return Math.max(...counts) - Math.min(...counts);
}

const shown = (steps: readonly Step[]) =>
  steps.map(({ at, replicas }) => `${replicas} at ${at.toFixed(0)} s`).join(', ');
