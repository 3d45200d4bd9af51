import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../process/compiled';
import { type RunResult, run } from '../process/run';
import { pythonEnvironment } from '../toolchain/python-environment';

const REQUIREMENTS = join(PACKAGE_ROOT, 'schemathesis', 'requirements.txt');

export interface SchemathesisOptions {
  /** Address of an OpenAPI document; its server is what is asked. */
  readonly document: string;
  /** Its settings, a TOML file. */
  readonly configFile: string;
  /** Arguments of `schemathesis run`, beside the address. */
  readonly args: readonly string[];
  /** Where it writes what it remembers of failures. */
  readonly directory: string;
  readonly timeoutSeconds: number;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Holds a server against its OpenAPI document by requests that schemathesis makes up. Installed on first use.
 *
 * @returns exit code 0 when nothing failed, 1 when something did
 * @throws RehearsalError where schemathesis can't be had, or in time
 */
export async function runSchemathesis(options: SchemathesisOptions): Promise<RunResult> {
  const { document, configFile, args, directory: cwd, timeoutSeconds, onProgress, signal } = options;
  const python = await pythonEnvironment({
    name: 'schemathesis',
    title: 'schemathesis',
    requirements: REQUIREMENTS,
    onProgress,
    signal,
  });
  const program = join(dirname(python), 'schemathesis');
  const all = ['--config-file', configFile, '--no-color', 'run', document, ...args];
  return run(python, [program, ...all], { cwd, timeoutSeconds, signal });
}
