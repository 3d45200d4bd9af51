import { run, which } from '../process/run';

/** What moto needs. */
export const PYTHON_MINIMUM = '3.10';

export interface Python {
  readonly path: string;
  readonly version: string;
}

/** The first python3 on PATH, whatever its version; undefined when there is none or it doesn't start. */
export async function findPython(): Promise<Python | undefined> {
  const path = await which('python3');
  if (!path) return undefined;
  const script = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
  const result = await run(path, ['-c', script], { timeoutSeconds: 30 });
  return result.exitCode === 0 ? { path, version: result.stdout.trim() } : undefined;
}
