import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalError } from '../../errors';
import { compiledFile } from '../../process/compiled';
import { run, which } from '../../process/run';
import { startService } from '../../process/service';
import { envoyGatewayProgram } from '../../toolchain/envoy-gateway';
import type { ControlPlane } from '../control-plane';
import { succeed } from '../kubectl';
import type { InstallingOptions } from '../programs';

const NAMESPACE = 'envoy-gateway-system';
const START_SECONDS = 60;
const READY = 'Starting workers';

export interface StartEnvoyGatewayOptions extends InstallingOptions {
  /** Called with each line of its log. */
  readonly onLog?: (line: string) => void;
}

export interface EnvoyGateway {
  stop(): Promise<void>;
}

const CONFIGURATION = {
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'EnvoyGateway',
  gateway: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
  provider: { type: 'Kubernetes', kubernetes: { leaderElection: { disable: true } } },
};

/**
 * Its certificates are in /certs and its ports fixed, on all addresses. So it gets a root with the folder in it, and a
 * network of its own, in which a relay stands for the API server.
 */
const ALONE = `
set -e
root=$1 certificates=$2; shift 2
ip link set lo up
mount -t tmpfs tmpfs "$root"
for entry in /*; do
  name=\${entry#/}
  if [ -L "$entry" ]; then cp -P "$entry" "$root/$name"
  elif [ -d "$entry" ]; then mkdir "$root/$name" && mount --rbind "$entry" "$root/$name"; fi
done
mkdir -p "$root/certs" && mount --bind "$certificates" "$root/certs"
exec chroot "$root" "$@"
`;

/**
 * Starts Envoy Gateway's controller on a control plane that has its kinds, the Gateway API's, and the namespace
 * `envoy-gateway-system`. It makes Deployments of proxies, which are played as all pods are. It ends with `stop()`, or
 * with this process.
 *
 * @throws RehearsalError when it can't be had or doesn't start, or where Linux doesn't give a user namespaces
 */
export async function startEnvoyGateway(
  controlPlane: ControlPlane,
  options: StartEnvoyGatewayOptions = {},
): Promise<EnvoyGateway> {
  const { onLog, onProgress, signal } = options;
  for (const tool of ['unshare', 'ip']) {
    const hint = 'On Debian and Ubuntu: apt-get install util-linux iproute2';
    if (!(await which(tool))) throw new RehearsalError(`Envoy Gateway needs ${tool}, which is not on PATH`, hint);
  }
  const program = await envoyGatewayProgram({ onProgress, signal });
  const folder = await mkdtemp(join(tmpdir(), 'envoy-gateway-'));
  const env = { ...process.env, KUBECONFIG: controlPlane.kubeconfig, ENVOY_GATEWAY_NAMESPACE: NAMESPACE };
  const remove = () => rm(folder, { recursive: true, force: true });
  const within = (name: string) => join(folder, name);
  const relay = await toApiServer(controlPlane, within('api-server'));
  try {
    const made = await run(program, ['certgen', '--disable-topology-injector'], {
      env,
      timeoutSeconds: START_SECONDS,
      signal,
    });
    if (made.exitCode !== 0) throw new RehearsalError('Envoy Gateway made no certificates', made.output.trim());
    await mkdir(within('root'));
    await writeCertificates(controlPlane, within('certificates'));
    // JSON is YAML.
    await writeFile(within('configuration'), JSON.stringify(CONFIGURATION));
    const { stop } = await startService({
      title: 'Envoy Gateway',
      command: process.execPath,
      args: [
        ...[compiledFile('process/guard.js'), 'unshare', '--user', '--map-root-user', '--mount', '--net'],
        ...['sh', '-c', ALONE, 'sh', within('root'), within('certificates')],
        ...[process.execPath, compiledFile('process/relay.js')],
        ...[within('api-server'), new URL(controlPlane.endpoint).port],
        ...[program, 'server', '--config-path', within('configuration')],
      ],
      env,
      ready: (line) => line.includes(READY) || undefined,
      startSeconds: START_SECONDS,
      onLine: onLog,
      signal,
    });
    return {
      stop: async () => {
        await stop();
        await close(relay);
        await remove();
      },
    };
  } catch (error) {
    await close(relay);
    await remove();
    throw error;
  }
}

/** The files of the Secret that `certgen` made, which is for the kubelet to lay out. */
async function writeCertificates(controlPlane: ControlPlane, folder: string): Promise<void> {
  const secret = await succeed(controlPlane, 'get', 'secret', 'envoy-gateway', '-n', NAMESPACE, '-o', 'json');
  const { data } = JSON.parse(secret) as { data: Record<string, string> };
  await mkdir(folder);
  for (const [name, content] of Object.entries(data)) {
    await writeFile(join(folder, name), Buffer.from(content, 'base64'), { mode: 0o600 });
  }
}

/** A Unix socket that leads to the API server. */
async function toApiServer({ endpoint }: ControlPlane, socket: string): Promise<Server> {
  const server = createServer((incoming) => {
    const outgoing = connect(Number(new URL(endpoint).port), '127.0.0.1');
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on('error', () => outgoing.destroy());
    outgoing.on('error', () => incoming.destroy());
  });
  await once(server.listen(socket), 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
