import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlPlane } from '@cdktf-recommender/rehearsal';
import { ServerProcess } from '../server-process';

/** Pods that are processes here; of all others kwok says that they run. */
export const POD_LABEL = { name: 'app.kubernetes.io/component', value: 'model-server' };
const LOOK_MS = 250;
/** Settings that depend on the machine: an address of its own is what a pod has and a process here has not. */
const OF_THE_MACHINE = ['RECOMMENDER_HOST', 'RECOMMENDER_PORT', 'RECOMMENDER_USERS'];
/** A path below which nothing can be read or written, by root neither. */
const READ_ONLY = '/dev/null/users';

export interface PodProcessesOptions {
  readonly controlPlane: ControlPlane;
  /** For what the processes write, and for Prometheus' list of targets. */
  readonly folder: string;
  /** What the image has: settings that the pods' own win over. */
  readonly imageEnvironment: Readonly<Record<string, string>>;
  readonly onProgress: (line: string) => void;
}

interface Pod {
  readonly metadata: { name: string; namespace: string; uid: string; deletionTimestamp?: string };
  readonly spec: {
    nodeName?: string;
    containers: {
      name: string;
      envFrom: { configMapRef: { name: string } }[];
      volumeMounts: { name: string; readOnly?: boolean }[];
    }[];
  };
}

interface Running {
  readonly pod: Pod;
  /** As the pod's status has it, so that an endpoint is found by it. */
  readonly ip: string;
  /** Undefined when it can't be started. */
  readonly starting: Promise<ServerProcess | undefined>;
  /** Once it is ready. */
  server?: ServerProcess;
  ending?: Promise<void>;
}

/**
 * Stands in for the kubelets: each of the model server's pods that has a node is a real process of the server, with the
 * settings of the pod's ConfigMap. A pod is said to be ready when its process is, ends by SIGTERM, and is gone when its
 * process is.
 */
export class PodProcesses {
  /** A file of targets for Prometheus, with the labels that a PodMonitor would give them. */
  readonly targetsFile: string;
  private readonly running = new Map<string, Running>();
  private readonly stopped = new AbortController();
  private readonly looking: Promise<void>;
  private started = 0;

  constructor(private readonly options: PodProcessesOptions) {
    this.targetsFile = join(options.folder, 'targets.json');
    this.looking = this.look();
  }

  /** The port of the process that is the pod with this address. */
  portOf(ip: string): number | undefined {
    return [...this.running.values()].find((one) => one.ip === ip)?.server?.port;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.looking;
    await Promise.all([...this.running.values()].map(async ({ starting }) => (await starting)?.stop('SIGKILL')));
  }

  private async look(): Promise<void> {
    const selector = encodeURIComponent(`${POD_LABEL.name}=${POD_LABEL.value}`);
    let written = '';
    const path = `/api/v1/pods?labelSelector=${selector}`;
    while (!this.stopped.signal.aborted) {
      try {
        const { items } = (await this.options.controlPlane.get(path)) as { items: Pod[] };
        for (const pod of items) this.follow(pod);
        written = await this.writeTargets(written);
      } catch (error) {
        this.options.onProgress(`pods: ${(error as Error).message}`);
      }
      await pause(LOOK_MS);
    }
  }

  private follow(pod: Pod): void {
    const known = this.running.get(pod.metadata.uid);
    if (pod.metadata.deletionTimestamp) {
      if (known) known.ending ??= this.end(known);
      // Without a node, it is gone by itself.
      else if (pod.spec.nodeName) void this.forget(pod);
    } else if (pod.spec.nodeName && !known) {
      this.started += 1;
      const ip = `10.244.${Math.floor(this.started / 250)}.${(this.started % 250) + 1}`;
      this.running.set(pod.metadata.uid, { pod, ip, starting: this.begin(pod, ip) });
    }
  }

  private async begin(pod: Pod, ip: string): Promise<ServerProcess | undefined> {
    const { name, namespace, uid } = pod.metadata;
    try {
      const { environment, users } = await this.settingsOf(pod);
      const server = await ServerProcess.start({ store: environment.RECOMMENDER_STORE as string, users, environment });
      const running = this.running.get(uid);
      if (running) running.server = server;
      if (!running?.ending) await this.reportReady(pod, ip);
      return server;
    } catch (error) {
      this.options.onProgress(`${namespace}/${name}: ${(error as Error).message}`);
      return undefined;
    }
  }

  private async settingsOf(pod: Pod): Promise<{ environment: Record<string, string>; users: string }> {
    const { controlPlane, folder, imageEnvironment } = this.options;
    const { namespace, uid } = pod.metadata;
    const environment: Record<string, string> = { ...imageEnvironment };
    const [container] = pod.spec.containers;
    for (const { configMapRef } of container?.envFrom ?? []) {
      const path = `/api/v1/namespaces/${namespace}/configmaps/${configMapRef.name}`;
      Object.assign(environment, ((await controlPlane.get(path)) as { data: Record<string, string> }).data);
    }
    for (const name of OF_THE_MACHINE) delete environment[name];
    const readOnly = container?.volumeMounts.some((mount) => mount.name === 'data' && mount.readOnly);
    return { environment, users: readOnly ? READ_ONLY : join(folder, 'users', uid) };
  }

  private reportReady(pod: Pod, ip: string): Promise<unknown> {
    const { name, namespace } = pod.metadata;
    const now = new Date().toISOString();
    const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: now,
    }));
    const containerStatuses = pod.spec.containers.map((container) => ({
      name: container.name,
      ready: true,
      started: true,
      restartCount: 0,
      image: '',
      imageID: '',
      state: { running: { startedAt: now } },
    }));
    return this.options.controlPlane.send('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
      status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], startTime: now, conditions, containerStatuses },
    });
  }

  private async end({ pod, starting }: Running): Promise<void> {
    await (await starting)?.stop('SIGTERM');
    await this.forget(pod);
    this.running.delete(pod.metadata.uid);
  }

  /** As a kubelet does when all containers have ended. */
  private async forget({ metadata: { name, namespace } }: Pod): Promise<void> {
    await this.options.controlPlane
      .send('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, { gracePeriodSeconds: 0 })
      // It is gone already.
      .catch(() => undefined);
  }

  private async writeTargets(before: string): Promise<string> {
    const targets = [...this.running.values()].flatMap(({ pod, server, ending }) =>
      server && !ending
        ? [
            {
              targets: [`127.0.0.1:${server.port}`],
              labels: { namespace: pod.metadata.namespace, pod: pod.metadata.name, container: 'model-server' },
            },
          ]
        : [],
    );
    const text = JSON.stringify(targets);
    if (text === before) return before;
    // Prometheus never reads half of it.
    await writeFile(`${this.targetsFile}.new`, text);
    await rename(`${this.targetsFile}.new`, this.targetsFile);
    return text;
  }
}
