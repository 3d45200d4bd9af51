import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { RehearsalError } from '../errors';
import { compiledFile } from '../process/compiled';
import { freePort } from '../process/free-port';
import { type RunResult, run } from '../process/run';
import { type Service, startService } from '../process/service';
import { type Credentials, writeCredentials } from './credentials';
import { type InstallingOptions, kubernetesProgram, kwokProgram } from './programs';

const START_SECONDS = 120;
const KUBECTL_SECONDS = 120;
/** Those that need a cloud, or nodes with a network. */
const CONTROLLERS = '*,-nodeipam,-route,-service,-cloud-node-lifecycle';

export interface StartControlPlaneOptions extends InstallingOptions {
  /** Further options of programs: `{ 'kube-controller-manager': ['--horizontal-pod-autoscaler-sync-period=1s'] }`. */
  readonly args?: Readonly<Partial<Record<Component, readonly string[]>>>;
}

export type Component = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

export interface ControlPlane {
  /** `https://127.0.0.1:6443` */
  readonly endpoint: string;
  /** PEM */
  readonly caCertificate: string;
  /** A bearer token that may do everything. */
  readonly token: string;
  /** Key and certificate for a server on 127.0.0.1 that the API server is to ask; PEM. */
  readonly serving: { readonly key: string; readonly cert: string };
  /** File for `KUBECONFIG`. */
  readonly kubeconfig: string;
  /** Runs kubectl as the administrator; a non-zero exit is a result, not an error. */
  kubectl(...args: string[]): Promise<RunResult>;
  /** What the API server answers to a GET, as JSON. @throws RehearsalError when it refuses */
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts a Kubernetes cluster on 127.0.0.1: etcd, API server, controllers and scheduler as they are, nodes played by
 * kwok, which reports what the scheduler puts on them as running. It ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when its programs can't be had or don't start
 */
export async function startControlPlane(options: StartControlPlaneOptions = {}): Promise<ControlPlane> {
  const { args = {}, onProgress, signal } = options;
  const program = await kubernetesProgram({ onProgress, signal });
  const kwok = await kwokProgram({ onProgress, signal });
  const folder = await mkdtemp(join(tmpdir(), 'kubernetes-'));
  const services: Service<unknown>[] = [];
  const stop = async () => {
    await Promise.all(services.splice(0).map((service) => service.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (title: string, command: readonly string[], probe: () => Promise<true | undefined>) => {
    services.push(
      await startService({
        title,
        command: process.execPath,
        args: [compiledFile('process/guard.js'), ...command],
        env: process.env,
        probe,
        startSeconds: START_SECONDS,
        signal,
      }),
    );
  };
  const component = (name: Component, own: readonly string[], probe: () => Promise<true | undefined>) =>
    start(name, [program, name, '--v=0', ...own, ...(args[name] ?? [])], probe);
  const atOnce = async () => true as const;
  try {
    const [port, etcdPort, peerPort] = [await freePort(), await freePort(), await freePort()];
    const endpoint = `https://127.0.0.1:${port}`;
    const etcd = `http://127.0.0.1:${etcdPort}`;
    const files = await writeCredentials(folder, endpoint);
    const kubectl = (...command: string[]) =>
      run(program, ['kubectl', '--kubeconfig', files.kubeconfig, ...command], {
        cwd: folder,
        // Its settings and caches are the cluster's, not the user's.
        env: { ...process.env, KUBECONFIG: files.kubeconfig, HOME: folder },
        timeoutSeconds: KUBECTL_SECONDS,
        signal,
      });
    const succeeds =
      (...command: string[]) =>
      async () =>
        (await kubectl(...command)).exitCode === 0 ? (true as const) : undefined;

    await start('etcd', [program, 'etcd', join(folder, 'etcd'), etcd, `http://127.0.0.1:${peerPort}`], async () =>
      (await fetch(`${etcd}/health`).catch(() => undefined))?.ok ? true : undefined,
    );
    await component('kube-apiserver', apiServer(port, etcd, files), succeeds('get', '--raw', '/readyz'));
    await component(
      'kube-controller-manager',
      [
        `--kubeconfig=${files.kubeconfig}`,
        `--service-account-private-key-file=${files.serviceAccountKey}`,
        `--root-ca-file=${files.certificate}`,
        `--controllers=${CONTROLLERS}`,
        '--use-service-account-credentials',
        '--leader-elect=false',
        '--secure-port=0',
      ],
      succeeds('get', 'serviceaccount', 'default'),
    );
    await component(
      'kube-scheduler',
      [`--kubeconfig=${files.kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
      atOnce,
    );
    await start(
      'kwok',
      [
        kwok.program,
        ...kwok.stages.flatMap((stage) => ['--config', stage]),
        `--kubeconfig=${files.kubeconfig}`,
        `--server-address=127.0.0.1:${await freePort()}`,
        '--manage-all-nodes',
        '--node-lease-duration-seconds=40',
      ],
      atOnce,
    );
    const caCertificate = await readFile(files.certificate, 'utf8');
    const serving = { key: await readFile(files.certificateKey, 'utf8'), cert: caCertificate };
    const { token, kubeconfig } = files;
    return {
      endpoint,
      caCertificate,
      token,
      serving,
      kubeconfig,
      kubectl,
      get: (path) => getJson(`${endpoint}${path}`, caCertificate, token),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function apiServer(port: number, etcd: string, files: Credentials): string[] {
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${files.certificates}`,
    `--token-auth-file=${files.tokens}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.serviceAccountKey}`,
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    '--allow-privileged',
  ];
}

function getJson(url: string, ca: string, token: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get(url, { ca, headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' } }, (response) => {
      if (response.statusCode === 200) resolve(json(response));
      else reject(new RehearsalError(`GET ${url}: the API server answered ${response.statusCode}`));
    }).on('error', reject);
  });
}
