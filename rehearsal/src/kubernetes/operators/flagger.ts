import { join } from 'node:path';
import { compiledFile } from '../../process/compiled';
import { freePort } from '../../process/free-port';
import { startService } from '../../process/service';
import { goModuleFiles } from '../../toolchain/go-module-files';
import { goProgram } from '../../toolchain/go-program';
import type { ControlPlane } from '../control-plane';
import type { InstallingOptions } from '../programs';

const MODULE = 'github.com/fluxcd/flagger';
export const FLAGGER_VERSION = 'v1.44.0';
const START_SECONDS = 60;

export interface StartFlaggerOptions extends InstallingOptions {
  /** `http://127.0.0.1:9090` */
  readonly prometheusUrl: string;
  /** What splits the requests. @default 'gatewayapi:v1' */
  readonly meshProvider?: string;
  /** Further options of its command line: `['-namespace', 'recommender']`. */
  readonly args?: readonly string[];
  /** Called with each line of its log, JSON. */
  readonly onLog?: (line: string) => void;
}

export interface Flagger {
  /** `http://127.0.0.1:8080`: its metrics and health. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The program, built on first use. @throws RehearsalError where Go or the module can't be had */
export function flaggerProgram(options: InstallingOptions = {}): Promise<string> {
  return goProgram({ program: 'flagger', package: `${MODULE}/cmd/flagger`, version: FLAGGER_VERSION, ...options });
}

/** Files with Flagger's kinds, of the same version. @throws RehearsalError where the module can't be had */
export async function flaggerCrds(options: Pick<InstallingOptions, 'signal'> = {}): Promise<string[]> {
  return [join(await goModuleFiles(MODULE, FLAGGER_VERSION, options.signal), 'charts/flagger/crds/crd.yaml')];
}

/**
 * Starts Flagger on a control plane that has its kinds and those of its mesh. It ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when it can't be had or doesn't start
 */
export async function startFlagger(controlPlane: ControlPlane, options: StartFlaggerOptions): Promise<Flagger> {
  const { prometheusUrl, meshProvider = 'gatewayapi:v1', args = [], onLog, onProgress, signal } = options;
  const program = await flaggerProgram({ onProgress, signal });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { stop } = await startService({
    title: 'Flagger',
    command: process.execPath,
    args: [
      ...[compiledFile('process/guard.js'), program, '-kubeconfig', controlPlane.kubeconfig, '-port', `${port}`],
      ...['-mesh-provider', meshProvider, '-metrics-server', prometheusUrl, '-log-level', 'info', ...args],
    ],
    env: process.env,
    probe: async () => ((await fetch(`${url}/healthz`).catch(() => undefined))?.ok ? true : undefined),
    startSeconds: START_SECONDS,
    onLine: onLog,
    signal,
  });
  return { url, stop };
}
