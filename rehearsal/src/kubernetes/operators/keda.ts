import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalError } from '../../errors';
import { compiledFile } from '../../process/compiled';
import { freePort } from '../../process/free-port';
import { run } from '../../process/run';
import { type Service, startService } from '../../process/service';
import { type KedaPrograms, kedaPrograms } from '../../toolchain/keda';
import { localApiService } from '../api-service';
import type { ControlPlane } from '../control-plane';
import { apply, succeed } from '../kubectl';
import type { InstallingOptions } from '../programs';

const NAMESPACE = 'keda';
const CERTIFICATES = 'kedaorg-certs';
const OPERATOR_NAME = 'keda-operator.keda.svc.cluster.local';
const GROUP = 'external.metrics.k8s.io';
const API = `v1beta1.${GROUP}`;
const START_SECONDS = 60;

export interface StartKedaOptions extends InstallingOptions {
  /** Called with each line of the programs' logs, JSON. */
  readonly onLog?: (line: string) => void;
}

export interface Keda {
  stop(): Promise<void>;
}

/**
 * Starts KEDA's operator and metrics server on a control plane that has KEDA's kinds and the namespace `keda`. They end
 * with `stop()`, or with this process.
 *
 * @throws RehearsalError when they can't be had or don't start
 */
export async function startKeda(controlPlane: ControlPlane, options: StartKedaOptions = {}): Promise<Keda> {
  const { onLog, onProgress, signal } = options;
  const programs = await kedaPrograms({ onProgress, signal });
  const certificates = await mkdtemp(join(tmpdir(), 'keda-'));
  const services: Service<unknown>[] = [];
  const stop = async () => {
    await Promise.all(services.splice(0).map((service) => service.stop()));
    await rm(certificates, { recursive: true, force: true });
  };
  const env = {
    ...process.env,
    KUBECONFIG: controlPlane.kubeconfig,
    WATCH_NAMESPACE: '',
    POD_NAMESPACE: NAMESPACE,
    KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE,
  };
  const start = async (title: string, command: readonly string[], probe: () => Promise<true | undefined>) => {
    const args = [compiledFile('process/guard.js'), ...command];
    const service = { title, command: process.execPath, args, env, probe, onLine: onLog, signal };
    services.push(await startService({ ...service, startSeconds: START_SECONDS }));
  };
  try {
    await makeCertificates(controlPlane, { programs, certificates, env, signal });
    const [healthPort, metricsPort, apiPort, ownMetricsPort] = await Promise.all([1, 2, 3, 4].map(() => freePort()));
    await start(
      "KEDA's operator",
      [
        ...[programs.operator, ...OPERATOR_FLAGS, `--cert-dir=${certificates}`],
        ...[
          `--health-probe-bind-address=127.0.0.1:${healthPort}`,
          `--metrics-service-bind-address=127.0.0.1:${metricsPort}`,
        ],
      ],
      async () =>
        (await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => undefined))?.ok ? true : undefined,
    );
    await registerAdapter(controlPlane, apiPort as number);
    const kubeconfig = (flag: string) => `--${flag}-kubeconfig=${controlPlane.kubeconfig}`;
    await start(
      "KEDA's metrics server",
      [
        ...[programs.adapter, '--bind-address=127.0.0.1', `--secure-port=${apiPort}`, `--port=${ownMetricsPort}`],
        ...[kubeconfig('authentication'), kubeconfig('authorization'), kubeconfig('lister')],
        ...[`--cert-dir=${certificates}`, `--metrics-service-address=127.0.0.1:${metricsPort}`],
        ...[`--metrics-service-grpc-authority=${OPERATOR_NAME}`, '--authentication-skip-lookup'],
      ],
      async () => ((await isAvailable(controlPlane)) ? true : undefined),
    );
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const OPERATOR_FLAGS = ['--enable-prometheus-metrics=false', '--leader-elect=false'];

interface CertificateOptions {
  readonly programs: KedaPrograms;
  /** Folder for them. */
  readonly certificates: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * The operator and the metrics server know each other by certificates. The operator makes them into a Secret and ends, to
 * be started anew with the Secret's files, which is for the kubelet to do, and here for this function.
 */
async function makeCertificates(controlPlane: ControlPlane, options: CertificateOptions): Promise<void> {
  const { programs, certificates, env, signal } = options;
  const flags = ['--enable-cert-rotation', '--enable-webhook-patching=false', '--enable-apiservice-patching=false'];
  let files = await secretFiles(controlPlane);
  if (!files) {
    const made = await run(
      programs.operator,
      [
        ...[...OPERATOR_FLAGS, ...flags, `--cert-dir=${certificates}`],
        ...['--health-probe-bind-address=0', `--metrics-service-bind-address=127.0.0.1:${await freePort()}`],
      ],
      { env, timeoutSeconds: START_SECONDS, signal },
    );
    files = await secretFiles(controlPlane);
    if (!files) throw new RehearsalError("KEDA's operator made no certificates", made.output.trim());
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(certificates, name), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
}

/** @returns base64 by file name; undefined while there are none */
async function secretFiles(controlPlane: ControlPlane): Promise<Record<string, string> | undefined> {
  const secret = ['secret', CERTIFICATES, '-n', NAMESPACE];
  const text = await succeed(controlPlane, 'get', ...secret, '--ignore-not-found', '-o', 'json');
  return text ? (JSON.parse(text) as { data?: Record<string, string> }).data : undefined;
}

/** Tells the API server to ask the metrics server, as KEDA's chart does; here it is on this machine. */
async function registerAdapter(controlPlane: ControlPlane, port: number): Promise<void> {
  const readers = { name: 'external-metrics-reader' };
  await apply(controlPlane, [
    ...localApiService({ group: GROUP, name: 'keda-metrics-apiserver', namespace: NAMESPACE, port }),
    // The API server here has no certificate by which it could say for whom it asks.
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: readers,
      rules: [
        { apiGroups: [GROUP], resources: ['*'], verbs: ['get', 'list'] },
        { nonResourceURLs: [`/apis/${GROUP}/*`, '/openapi/*'], verbs: ['get'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: readers,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: readers.name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:anonymous' }],
    },
  ]);
}

async function isAvailable(controlPlane: ControlPlane): Promise<boolean> {
  const path = '{.status.conditions[?(@.type=="Available")].status}';
  return (await succeed(controlPlane, 'get', 'apiservice', API, '-o', `jsonpath=${path}`)) === 'True';
}
