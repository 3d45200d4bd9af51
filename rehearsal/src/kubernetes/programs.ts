import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { PACKAGE_ROOT } from '../process/compiled';
import { which } from '../process/run';
import { goEnvironment } from '../toolchain/go-environment';
import { goModule } from '../toolchain/go-module';
import { goModuleFiles } from '../toolchain/go-module-files';
import { installOnce } from '../toolchain/install-once';

/** The version that the clusters have by default. */
export const KUBERNETES_VERSION = 'v1.35.4';
const VERSION = 'k8s.io/component-base/version';
const KWOK = 'sigs.k8s.io/kwok';
export const KWOK_VERSION = 'v0.8.0';
/** What kwok does with nodes and pods: what real ones do, at once. */
const STAGES = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
];

export interface InstallingOptions {
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The programs of a control plane, and kubectl, in one: `kubernetes kube-apiserver …`. Built on first use.
 *
 * @throws RehearsalError where Go or a module can't be had
 */
export function kubernetesProgram(options: InstallingOptions = {}): Promise<string> {
  const [major = '', minor = ''] = KUBERNETES_VERSION.slice(1).split('.');
  return goModule({
    program: 'kubernetes',
    folder: join(PACKAGE_ROOT, 'kubernetes'),
    // Charts ask the API server for its version.
    variables: {
      [`${VERSION}.gitVersion`]: KUBERNETES_VERSION,
      [`${VERSION}.gitMajor`]: major,
      [`${VERSION}.gitMinor`]: minor,
    },
    takes: '6 to 8 minutes on 2 cores',
    ...options,
  });
}

export interface Kwok {
  readonly program: string;
  /** Files that say what nodes and pods do. */
  readonly stages: readonly string[];
}

/**
 * kwok, which plays the nodes of a cluster. Built on first use.
 *
 * @throws RehearsalError where Go or a module can't be had
 */
export async function kwokProgram({ onProgress, signal }: InstallingOptions = {}): Promise<Kwok> {
  const hint = 'Go builds kwok; install it from https://go.dev/dl/. Behind a mirror, set GOPROXY';
  if (!(await which('go'))) throw new RehearsalError('kwok needs Go, which is not on PATH', hint);
  const stageFile = (folder: string, stage: string) => join(folder, stage.replaceAll('/', '-'));
  const folder = await installOnce({
    name: `go-kwok-${KWOK_VERSION}`,
    title: `kwok ${KWOK_VERSION} by Go (about 3 minutes)`,
    install: async (making, step) => {
      const source = `${KWOK}/cmd/kwok@${KWOK_VERSION}`;
      await step('go', ['install', source], hint, { ...goEnvironment(), GOBIN: making });
      const files = await goModuleFiles(KWOK, KWOK_VERSION, signal);
      for (const stage of STAGES) await copyFile(join(files, 'kustomize/stage', stage), stageFile(making, stage));
    },
    onProgress,
    signal,
  });
  return { program: join(folder, 'kwok'), stages: STAGES.map((stage) => stageFile(folder, stage)) };
}
