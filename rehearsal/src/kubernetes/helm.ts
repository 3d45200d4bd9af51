import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { run } from '../process/run';
import { goProgram } from '../toolchain/go-program';
import type { ControlPlane } from './control-plane';
import type { InstallingOptions } from './programs';

export const HELM_VERSION = 'v3.22.0';
const HELM_SECONDS = 120;

/** Runs helm: `helm('lint', folder)`. @throws RehearsalError with what it said when it fails */
export type Helm = (...args: string[]) => Promise<string>;

/** Helm, built on first use. @throws RehearsalError where Go or the module can't be had */
export function helmProgram(options: InstallingOptions = {}): Promise<string> {
  return goProgram({ program: 'helm', package: 'helm.sh/helm/v3/cmd/helm', version: HELM_VERSION, ...options });
}

/**
 * Helm on a control plane, built on first use.
 *
 * @returns a function that runs it and answers its standard output
 * @throws RehearsalError where Go or the module can't be had
 */
export async function helmOn({ kubeconfig }: ControlPlane, options: InstallingOptions = {}): Promise<Helm> {
  const program = await helmProgram(options);
  return async (...args) => {
    // Its settings and caches are the test's, not the user's.
    const home = await mkdtemp(join(tmpdir(), 'helm-'));
    const homes = { HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
    try {
      const { exitCode, stdout, output } = await run(program, args, {
        env: { ...process.env, ...homes, KUBECONFIG: kubeconfig },
        timeoutSeconds: HELM_SECONDS,
        signal: options.signal,
      });
      if (exitCode !== 0) throw new RehearsalError(`helm ${args.join(' ')} failed:\n${output.trim()}`);
      return stdout;
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  };
}
