import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { json, text } from 'node:stream/consumers';
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
  /**
   * Pods that kwok leaves alone, because somebody else reports what becomes of them.
   * @default - none
   */
  readonly podsRunElsewhere?: PodLabel;
}

export interface PodLabel {
  /** `app.kubernetes.io/component` */
  readonly name: string;
  readonly value: string;
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
  /**
   * Changes an object by a JSON merge patch (`/status` is the path of its status), or deletes it; `body` says how.
   *
   * @throws RehearsalError when the API server refuses
   */
  send(method: 'PATCH' | 'DELETE', path: string, body: object): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts a Kubernetes cluster on 127.0.0.1: etcd, API server, controllers and scheduler as they are, nodes played by
 * kwok, which reports what the scheduler puts on them as running. It ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when its programs can't be had or don't start
 */
export async function startControlPlane(options: StartControlPlaneOptions = {}): Promise<ControlPlane> {
  const { args = {}, podsRunElsewhere, onProgress, signal } = options;
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
    const stages = podsRunElsewhere ? await stagesWithout(podsRunElsewhere, kwok.stages, folder) : kwok.stages;
    await start(
      'kwok',
      [
        kwok.program,
        ...stages.flatMap((stage) => ['--config', stage]),
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
    const ask = (options: Pick<Asked, 'method' | 'path' | 'body'>) =>
      answerTo({ endpoint, ca: caCertificate, token, ...options });
    return {
      endpoint,
      caCertificate,
      token,
      serving,
      kubeconfig,
      kubectl,
      get: (path) => ask({ method: 'GET', path }),
      send: (method, path, body) => ask({ method, path, body }),
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

/** What pods' stages have first, and the label of pods that they are not for is put behind. */
const POD_CONDITIONS = /^( *)matchExpressions:\n/m;

async function stagesWithout({ name, value }: PodLabel, stages: readonly string[], folder: string): Promise<string[]> {
  return Promise.all(
    stages.map(async (stage) => {
      const stageText = await readFile(stage, 'utf8');
      if (!/^ *kind: Pod$/m.test(stageText)) return stage;
      const expression = `- { key: '.metadata.labels["${name}"]', operator: NotIn, values: ['${value}'] }`;
      const changed = stageText.replace(POD_CONDITIONS, (line, indent) => `${line}${indent}${expression}\n`);
      if (changed === stageText) throw new RehearsalError(`${stage} has no matchExpressions to add one to`);
      const file = join(folder, basename(stage));
      await writeFile(file, changed);
      return file;
    }),
  );
}

interface Asked {
  readonly endpoint: string;
  /** PEM */
  readonly ca: string;
  readonly token: string;
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

function answerTo({ endpoint, ca, token, method, path, body }: Asked): Promise<unknown> {
  const content = body && JSON.stringify(body);
  const headers = {
    Authorization: `Bearer ${token}`,
    Accept: 'application/json',
    ...(content && {
      'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      // Node does not say it of a DELETE by itself.
      'Content-Length': Buffer.byteLength(content),
    }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${endpoint}${path}`, { method, ca, headers }, (response) => {
      const { statusCode } = response;
      if (statusCode === 200 || statusCode === 202) {
        resolve(json(response));
        return;
      }
      const refused = `${method} ${endpoint}${path}: the API server answered ${statusCode}`;
      const refuse = (reason: string) => reject(new RehearsalError(refused, reason));
      // Not every refusal is JSON.
      text(response).then(refuse, reject);
    });
    asked.on('error', reject).end(content);
  });
}
