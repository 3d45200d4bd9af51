import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ControlPlane, type KubernetesObject, succeed } from '@cdktf-recommender/rehearsal';

const PROGRAM = join(__dirname, '../../../model-follower/dist/main.js');
/** Many times what a rollout takes that is given up after ten seconds. */
const LINE_SECONDS = 110;

export interface Line {
  readonly msg: string;
  readonly level: number;
  readonly version?: string;
  readonly previous?: string;
  readonly reason?: string;
}

/** The program as its Deployment starts it, with the token of its service account, on this machine. */
export class FollowerProcess {
  readonly lines: Line[] = [];
  private readonly waiting = new Set<() => void>();

  static async start(
    controlPlane: ControlPlane,
    deployment: KubernetesObject,
    { folder, store }: { readonly folder: string; readonly store: string },
  ): Promise<FollowerProcess> {
    // biome-ignore lint/suspicious/noExplicitAny: an object of the API server
    const { serviceAccountName, containers } = (deployment as any).spec.template.spec;
    const environment = Object.fromEntries(
      containers[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    const { namespace = '' } = deployment.metadata;
    const token = await succeed(controlPlane, 'create', 'token', serviceAccountName, '-n', namespace);
    const child = spawn(process.execPath, [PROGRAM], {
      env: {
        PATH: process.env.PATH,
        ...environment,
        KUBECONFIG: writeKubeconfig(folder, controlPlane, token),
        FOLLOWER_STORE: store,
        FOLLOWER_HOST: '127.0.0.1',
        FOLLOWER_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new FollowerProcess(child);
  }

  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.lines.push(JSON.parse(line));
      for (const look of this.waiting) look();
    });
  }

  /** The first line from the `from`th on that fits. @throws Error with what was logged instead */
  line(fits: (line: Line) => boolean, from = 0): Promise<Line> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.lines.slice(from).find(fits);
        if (!found) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`no such line in ${LINE_SECONDS} s:\n${JSON.stringify(this.lines.slice(from), null, 1)}`));
      }, LINE_SECONDS * 1000);
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }
}

function writeKubeconfig(folder: string, { endpoint, caCertificate }: ControlPlane, token: string): string {
  const [ca, tokenFile, kubeconfig] = ['ca.crt', 'token', 'kubeconfig'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(ca, caCertificate);
  writeFileSync(tokenFile, token.trim(), { mode: 0o600 });
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: { server: endpoint, 'certificate-authority': ca } }],
    users: [{ name: 'follower', user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } } }],
    contexts: [{ name: 'follower', context: { cluster: 'cluster', user: 'follower' } }],
    'current-context': 'follower',
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return kubeconfig;
}
